/** The description parser, on messages with hostile lines in their values. */
import fc from 'fast-check';
import { catalogue, fieldLists } from '../../../src/sysmon/catalogue.ts';
import type { EventKind } from '../../../src/sysmon/catalogue.ts';
import { parseDescription } from '../../../src/sysmon/description.ts';
import type { ParsedDescription } from '../../../src/sysmon/description.ts';
import { readingOrders } from '../../../src/sysmon/reading-order.ts';
import { fillFromText, readCompleteText, readTextByPlace } from '../../../src/sysmon/rendered.ts';
import { canBeKind, isTyped, valueKind } from '../../../src/sysmon/field-value.ts';
import { newFields } from '../../../src/sysmon/event.ts';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { PROTOTYPE_NAMES, text } from '../texts.ts';

const kinds = [...catalogue.values()];
const allNames = [...new Set(kinds.flatMap(({ fields }) => fields.map(({ name }) => name)))];
const NO_LINE_BREAK = /[\r\n]/g;
const lineBreak = fc.constantFrom('\r\n', '\r\n', '\n');
const oneLine = text.map((any) => any.replace(NO_LINE_BREAK, ''));

/** What an attacker puts behind a line break: lines that begin like fields. */
const forgedLine = fc
  .tuple(
    lineBreak,
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...allNames) },
      { weight: 1, arbitrary: fc.constantFrom(...PROTOTYPE_NAMES, 'user', 'USER', 'Zz_9') },
    ),
    fc.constantFrom(': ', ': ', ':', ' : ', ''),
    oneLine,
  )
  .map((parts) => parts.join(''));

interface Message {
  readonly kind: EventKind;
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly shown: string;
}

const versions = fc
  .constantFrom(...kinds)
  .chain((kind) => fc.constantFrom(...fieldLists(kind)).map((names) => ({ kind, names })));

/** A message of an event as Windows renders it; `value` gives the values. */
const messageOf = (value: (kind: EventKind, name: string) => fc.Arbitrary<string>): fc.Arbitrary<Message> =>
  versions.chain(({ kind, names }) =>
    fc
      .tuple(lineBreak, fc.constantFrom('', '\r\n'), ...names.map((name) => value(kind, name)))
      .map(([cut, end, ...values]) => {
        const pairs = names.map((name, i) => [name, values[i] ?? ''] as const);
        const shown = [kind.titles[0], ...pairs.map(([name, one]) => `${name}: ${one}`)].join(cut) + end;
        return { kind, pairs, shown };
      }),
  );

const withForgedLines = fc
  .tuple(oneLine, fc.array(forgedLine, { maxLength: 6 }))
  .map(([value, lines]) => value + lines.join(''));

/** Lines of text with all that a message is made of, in no order. */
const jumble = fc
  .tuple(
    fc.constantFrom(...kinds.flatMap(({ titles }) => titles), 'New event:', ''),
    fc.array(fc.oneof(forgedLine, text), { maxLength: 40 }),
  )
  .map(([title, lines]) => title + lines.join(''));

const hostile = fc.oneof(
  { weight: 3, arbitrary: messageOf(() => withForgedLines).map(({ shown }) => shown) },
  { weight: 2, arbitrary: jumble },
  { weight: 1, arbitrary: text },
);
const eventId = fc.oneof(fc.constantFrom(...catalogue.keys(), 0, 30, 65_535), fc.integer());

const print = (title: string, { fields, names }: ParsedDescription): string =>
  [title, ...names.map((name) => `${name}: ${fields[name] ?? ''}`), ''].join('\r\n');

const parsesItself = (id: number, shown: string): void => {
  const parsed = parseDescription(id, shown);
  if (parsed === undefined) return;
  same(Object.keys(parsed.fields).toSorted(), [...parsed.names].toSorted(), 'fields and names');
  same(new Set(parsed.names).size, parsed.names.length, 'names');
  for (const name of parsed.names) {
    const value = parsed.fields[name] ?? '';
    hold(shown.includes(value), () => `${name} is no part of the text`);
  }
  const [first = ''] = shown.split(/\r?\n/, 1);
  const kind = kinds.find(({ titles }) => titles.includes(first)) ?? catalogue.get(id);
  const again = parseDescription(id, print(kind?.titles[0] ?? 'New event:', parsed));
  same(again?.names, parsed.names, 'names read again');
  same(again?.fields, parsed.fields, 'fields read again');
};

/** Forged lines in the one value that may hold line breaks, with names that stand where they cannot be fields. */
const attacked = versions
  .filter(({ names, kind }) => {
    const order = readingOrders(kind).current;
    return names.slice(0, -1).some((name) => order.multiline[order.names.indexOf(name)] === true);
  })
  .chain(({ kind, names }) => {
    const order = readingOrders(kind).current;
    const isMultiline = (name: string): boolean => order.multiline[order.names.indexOf(name)] === true;
    // A field that the host's version does not have can be forged in its right place (decision 4), and is left out.
    const isOfNewer = (name: string): boolean =>
      kind.fields.some((field) => field.name.toLowerCase() === name.toLowerCase()) && !names.includes(name);
    const forgeable = [...allNames, ...PROTOTYPE_NAMES].filter(
      (name) => !isMultiline(name) && name !== '' && !isOfNewer(name),
    );
    const forged = fc
      .array(fc.tuple(lineBreak, fc.constantFrom(...forgeable), oneLine), { minLength: 1, maxLength: 12 })
      .map((lines) => lines.map(([cut, name, value]) => `${cut}${name}: ${value}`).join(''));
    return fc.record({
      kind: fc.constant(kind),
      names: fc.constant(names),
      holder: fc.constantFrom(...names.slice(0, -1).filter(isMultiline)),
      forged,
      values: fc.array(oneLine, { minLength: names.length, maxLength: names.length }),
    });
  });

export const description: Target = {
  name: 'description',
  of: 'src/sysmon/description.ts, src/sysmon/rendered.ts: the rendered message of an event',
  promises: [
    promised(
      'never throws; reads what it read to the same fields again; makes no text up',
      fc.property(eventId, hostile, parsesItself),
      { runs: 1_000 },
    ),
    promised(
      'lets no line break in a value create, move or overwrite a field',
      fc.property(attacked, lineBreak, ({ kind, names, holder, forged, values }, cut) => {
        const pairs = names.map(
          (name, i) => [name, (values[i] ?? '') + (name === holder ? forged : '')] as const,
        );
        const shown = [kind.titles[0], ...pairs.map(([name, value]) => `${name}: ${value}`)].join(cut);
        same(Object.entries(parseDescription(kind.id, shown)?.fields ?? {}), pairs, 'fields');
      }),
      { runs: 500 },
    ),
    promised(
      'reads every version of every event, whatever single lines its values hold',
      fc.property(
        messageOf(() => oneLine),
        ({ kind, pairs, shown }) => {
          const parsed = parseDescription(kind.id, shown);
          same(Object.entries(parsed?.fields ?? {}), pairs, 'fields');
          same(parsed?.ambiguous, undefined, 'ambiguous');
        },
      ),
      { runs: 500 },
    ),
    promised(
      'a rendered message fills in nothing that stands already, and has only its own names',
      fc.property(eventId, hostile, fc.constantFrom(...allNames), text, (id, shown, name, value) => {
        const rendered = readCompleteText(id, shown);
        if (rendered === undefined) return;
        const truth = newFields();
        truth[name] = value;
        fillFromText(truth, rendered.fields);
        same(truth[name], value, 'a true value');
        for (const own of Object.keys(truth))
          hold(own === name || rendered.names.includes(own), `${own} is new`);
      }),
      { runs: 500 },
    ),
    promised(
      'a text that is read, by its names or by its places, has every typed field of its type',
      fc.property(eventId, hostile, (id, shown) => {
        const complete = readCompleteText(id, shown);
        for (const [eventIdOfText, fields] of [
          [complete?.eventId ?? id, complete?.fields],
          [id, readTextByPlace(id, shown)?.fields],
        ] as const) {
          for (const { name } of catalogue.get(eventIdOfText)?.fields ?? []) {
            const value = fields?.[name];
            const kind = valueKind(name);
            if (value === undefined || !isTyped(kind)) continue;
            hold(canBeKind(kind, value), `${name} is of another type`);
          }
        }
      }),
      { runs: 500 },
    ),
  ],
};
