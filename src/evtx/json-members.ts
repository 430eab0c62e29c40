/** The members of a JSON object, as text. */

export class JsonMembers {
  #text = '';
  #names: Set<string> | undefined;
  /** The next number for names that have stood more than once. */
  #numbers: Map<string, number> | undefined;

  /** Adds a member whose name no other one has. `key` is its name as JSON. */
  addDistinct(key: string, json: string): void {
    this.#text += `${this.#text === '' ? '' : ','}${key}:${json}`;
  }

  /** Adds a member. A name that is already there gets the next free number behind it, as evtx_dump writes it. */
  add(name: string, key: string, json: string): void {
    this.#names ??= new Set();
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.addDistinct(key, json);
      return;
    }
    const free = this.#numbered(name, this.#names);
    this.#names.add(free);
    this.addDistinct(JSON.stringify(free), json);
  }

  #numbered(name: string, names: ReadonlySet<string>): string {
    this.#numbers ??= new Map();
    let number = this.#numbers.get(name) ?? 1;
    while (names.has(`${name}_${number}`)) number++;
    this.#numbers.set(name, number + 1);
    return `${name}_${number}`;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  get json(): string {
    return `{${this.#text}}`;
  }
}
