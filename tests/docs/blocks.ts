/** The fenced code blocks of a Markdown page. */

export interface Block {
  /** The last `##` heading above the block. */
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

/** All blocks of a page, in its order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let section = '';
  let open: { readonly language: string; readonly lines: string[] } | undefined;
  for (const line of page.split('\n')) {
    if (open !== undefined) {
      if (line.trim() === '```') {
        blocks.push({ section, language: open.language, text: open.lines.join('\n') });
        open = undefined;
      } else open.lines.push(line);
      continue;
    }
    const fence = /^\s*```(\w*)$/.exec(line);
    if (fence !== null) open = { language: fence[1] ?? '', lines: [] };
    else if (line.startsWith('## ')) section = line.slice(3);
  }
  if (open !== undefined) throw new Error(`the block below "${section}" has no end`);
  return blocks;
}
