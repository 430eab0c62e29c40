/** What holds of the description parser for any text. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventKind } from '../../src/sysmon/catalogue.ts';
import { catalogue, fieldLists, kindOfTitle } from '../../src/sysmon/catalogue.ts';
import type { ParsedDescription } from '../../src/sysmon/description.ts';
import { parseDescription } from '../../src/sysmon/description.ts';
import { readingOrders } from '../../src/sysmon/reading-order.ts';

const kinds = [...catalogue.values()];
const allNames = [...new Set(kinds.flatMap(({ fields }) => fields.map(({ name }) => name)))];
const kind = fc.constantFrom(...kinds);
const lineBreak = fc.constantFrom('\r\n', '\r\n', '\n');
const anyText = fc.string({ unit: 'binary', maxLength: 12 });

/** Text made of what messages are made of, in any order. */
const messageLike = fc
  .tuple(kind, fc.constantFrom('Something new:', 'Process ended', ''))
  .chain(([{ titles, fields, removedFields }, otherTitle]) => {
    const names = [...fields.map(({ name }) => name), ...removedFields];
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom(': ', ':'), anyText) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom('Foo', '__proto__', 'user'), fc.constant(': '), anyText),
      },
      { weight: 1, arbitrary: fc.tuple(anyText) },
    );
    const title = fc.constantFrom(...titles, ...titles, otherTitle);
    return fc
      .tuple(title, fc.array(fc.tuple(lineBreak, line), { maxLength: 14 }), fc.constantFrom('', '\r\n', '\n'))
      .map(([first, lines, end]) => first + lines.map(([cut, words]) => cut + words.join('')).join('') + end);
  });

const eventId = fc.constantFrom(...catalogue.keys(), 0, 30);

const print = (title: string, { fields, names }: ParsedDescription): string =>
  // A line break at the very end does not count, so one is added that need not.
  [title, ...names.map((name) => `${name}: ${fields[name] ?? ''}`), ''].join('\r\n');

/** Whether a field may hold text with line breaks in it, such as a command line. */
const isMultiline = (entry: EventKind, name: string): boolean => {
  const { names, multiline } = readingOrders(entry).current;
  return multiline[names.indexOf(name)] === true;
};

const fullMessages = kind.chain((entry) =>
  fc.tuple(...entry.fields.map(() => fc.stringMatching(/^[ -~]{0,12}$/))).map((values) => ({
    entry,
    values: entry.fields.map(({ name }, index) => ({ name, text: values[index]! })),
  })),
);

describe('parseDescription', () => {
  it('never throws, and gives text for every name that it read', () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.string({ unit: 'binary' }), messageLike), (id, text) => {
        const parsed = parseDescription(id, text);
        if (parsed === undefined) return;
        expect(Object.keys(parsed.fields).sort()).toEqual([...parsed.names].sort());
        for (const value of Object.values(parsed.fields)) expect(text.includes(value)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the same fields again from what it read', () => {
    fc.assert(
      fc.property(eventId, messageLike, (id, text) => {
        const parsed = parseDescription(id, text);
        if (parsed === undefined) return;
        const named = kindOfTitle(text.split(/\r?\n/, 1)[0]!) ?? catalogue.get(id);
        const again = parseDescription(id, print(named?.titles[0] ?? 'Something new:', parsed));
        expect({ ...again!.fields }).toEqual({ ...parsed.fields });
        expect(again!.names).toEqual(parsed.names);
      }),
      { numRuns: 2000 },
    );
  });

  it('loses nothing that stands below the first field', () => {
    fc.assert(
      fc.property(eventId, messageLike, (id, text) => {
        const parsed = parseDescription(id, text);
        if (parsed === undefined || parsed.names.length === 0) return;
        // Without line breaks and the blank after a colon: what is left is names and values.
        const bare = (shown: string) => shown.replace(/[\r\n ]/g, '');
        const shown = parsed.names.map((name) => `${name}:${parsed.fields[name]!}`).join('');
        expect(bare(text).toLowerCase().endsWith(bare(shown).toLowerCase())).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads every version of every event, whatever single lines its values hold', () => {
    const versions = kind.chain((entry) =>
      fc.constantFrom(...fieldLists(entry)).map((names) => ({ entry, names })),
    );
    fc.assert(
      fc.property(versions, lineBreak, fc.stringMatching(/^[ -~]{0,12}$/), ({ entry, names }, cut, value) => {
        const text = [entry.titles[0], ...names.map((name) => `${name}: ${value}`)].join(cut);
        const parsed = parseDescription(entry.id, text);
        expect(parsed?.names).toEqual(names);
        expect(new Set(Object.values(parsed!.fields))).toEqual(new Set([value]));
        expect(parsed).not.toHaveProperty('ambiguous');
      }),
    );
  });

  it('lets no text in a value create or overwrite another field', () => {
    const attacks = fullMessages.chain(({ entry, values }) => {
      const holders = values.filter(({ name }) => isMultiline(entry, name));
      // Names that could stand in front of another value with line breaks are a reading of their own: tested below.
      const forgeable = [...allNames, 'Foo'].filter((name) => !isMultiline(entry, name));
      const forgedLine = fc
        .tuple(fc.constantFrom(...forgeable), anyText)
        .map(([name, value]) => `\r\n${name}: ${value}`);
      return fc.record({
        entry: fc.constant(entry),
        values: fc.constant(values),
        holder: holders.length === 0 ? fc.constant(undefined) : fc.constantFrom(...holders),
        forged: fc.array(forgedLine, { minLength: 1, maxLength: 30 }).map((lines) => lines.join('')),
      });
    });
    fc.assert(
      fc.property(attacks, ({ entry, values, holder, forged }) => {
        // Below the last known field new names are fields: a value there can create one, but overwrite none.
        if (holder === undefined || holder === values.at(-1)) return;
        const actual = values.map(
          ({ name, text }) => [name, name === holder.name ? text + forged : text] as const,
        );
        const lines = actual.map(([name, value]) => `${name}: ${value}`);
        const parsed = parseDescription(entry.id, [entry.titles[0], ...lines].join('\r\n'));
        expect(Object.entries(parsed!.fields)).toEqual(actual);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the true lines whenever forged ones, in any value, make fewer fields', () => {
    fc.assert(
      fc.property(fullMessages, fc.nat(), fc.nat(), ({ entry, values }, at, which) => {
        // One line with the name of a field that stands at least two below: it would cost the field between them.
        const holder = at % values.length;
        const below = values.slice(holder + 2);
        if (below.length === 0) return;
        const { name } = below[which % below.length]!;
        const actual = values.map(
          ({ name: own, text }, index) =>
            [own, index === holder ? `${text}\r\n${name}: forged` : text] as const,
        );
        const lines = actual.map(([own, value]) => `${own}: ${value}`);
        const parsed = parseDescription(entry.id, [entry.titles[0], ...lines].join('\n'));
        expect(Object.entries(parsed!.fields)).toEqual(actual);
        expect(parsed!.ambiguous).toEqual([name]);
      }),
      { numRuns: 1000 },
    );
  });
});
