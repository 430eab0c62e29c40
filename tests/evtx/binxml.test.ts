import { describe, expect, it } from '@jest/globals';
import { DATA } from './odd-events.ts';
import { readAll } from './read-all.ts';
import {
  element,
  fragmentHeader,
  instance,
  place,
  text,
  type Writer,
  type WrittenValue,
} from './write-binxml.ts';
import { writeEvtx, type LogEvent } from './write-evtx.ts';

const event = (rest: Partial<LogEvent>): LogEvent => ({
  recordId: 1,
  eventId: 1,
  computer: 'h.example',
  fields: {},
  ...rest,
});
const readOne = async (rest: Partial<LogEvent>): Promise<unknown> => {
  const { events, others } = await readAll(writeEvtx([[event(rest)]]));
  return others[0]?.[0] ?? events[0];
};

describe('what stands behind System', () => {
  it.each([
    ['mixedText', { EventData: { A: 'before x between 5' } }],
    ['twice', { EventData: { A: 'x', A_1: 'y' } }],
    ['nameIsValue', { EventData: { Name1: 'x' } }],
    ['requiredNull', { EventData: { A: '', Other: null } }],
    ['optionalNull', { EventData: { A: '', Other: null } }],
    ['missing', { EventData: { A: 'x', B: '' } }],
    [
      'userData',
      {
        UserData: {
          Inner: {
            '#attributes': { xmlns: 'urn:x', n: 5 },
            Data: { '#attributes': { Name: 'A' }, '#text': 'x' },
            Same: 'x',
            Same_1: 5,
            Empty: null,
          },
        },
      },
    ],
    ['elementInData', { EventData: { A: { Inner: 'x' } } }],
    ['withoutTemplate', { EventData: { A: 'x' } }],
    ['nested', { EventData: { A: 'x' } }],
    ['emptyDataBinaryElement', { EventData: { Data: { '#text': '' }, Binary: '0102' } }],
  ])('is read: %s', async (name, expected) => {
    const one = (await readOne({ data: DATA[name]! })) as { Event: Record<string, unknown> };
    const { System, '#attributes': attributes, ...rest } = one.Event;
    expect([System, attributes]).not.toContain(undefined);
    expect(rest).toEqual(expected);
  });
});

/** A record that is a template with this content of a Data element. */
const inData =
  (content: (out: Writer) => void, values: readonly WrittenValue[] = []) =>
  (out: Writer): void => {
    fragmentHeader(out);
    instance(
      out,
      'data',
      () =>
        element(out, 'Event', {}, () =>
          element(out, 'EventData', {}, () => element(out, 'Data', { Name: 'A' }, () => content(out))),
        ),
      values,
    );
    out.u8(0x00);
  };

describe('the text of an element', () => {
  it.each<[string, (out: Writer) => void, unknown]>([
    ['CDATA', (out) => out.u8(0x07).u16(3).utf16('a<b'), 'a<b'],
    ['a reference to a character', (out) => out.u8(0x08).u16(0xe4), 'ä'],
    ['a reference to an entity', (out) => out.u8(0x05).u8(0x01).u16(1).utf16('a').u8(0x09).name('lt'), 'a<'],
    ['a reference to an unknown entity', (out) => out.u8(0x09).name('nbsp'), '&nbsp;'],
    ['a number', (out) => out.u8(0x05).u8(0x08).u32(77), 77],
    ['a processing instruction', (out) => out.u8(0x0a).name('pi').u8(0x0b).u16(2).utf16('zz'), ''],
  ])('is read from %s', async (_, content, expected) => {
    expect(await readOne({ body: inData(content) })).toEqual({ Event: { EventData: { A: expected } } });
  });
});

const record =
  (write: (out: Writer) => void) =>
  (out: Writer): void => {
    fragmentHeader(out);
    write(out);
    out.u8(0x00);
  };

describe('a record is damaged', () => {
  it.each<[string, (out: Writer) => void]>([
    ['with two events', record((out) => [1, 2].forEach(() => element(out, 'Event', {}, () => undefined)))],
    ['with another element than an event', record((out) => element(out, 'Other', {}, () => undefined))],
    [
      'with text beside the event',
      record((out) => {
        text(out, 'x');
        element(out, 'Event', {}, () => undefined);
      }),
    ],
    ['without anything', record(() => undefined)],
    ['with an element that does not end', record((out) => out.u8(0x01).u32(9).name('Event').u8(0x02))],
    ['with an element that does not begin', record((out) => out.u8(0x01).u32(9).name('Event').u8(0x05))],
    ['with a name outside of the chunk', record((out) => out.u8(0x01).u32(9).u32(70_000).u8(0x03))],
    ['with an unknown token', record((out) => out.u8(0x1f))],
    ['with an end that has no beginning', record((out) => out.u8(0x04))],
    ['with a template outside of the chunk', record((out) => out.u8(0x0c).u8(1).u32(1).u32(65_530).u32(0))],
    [
      'with more values than it has bytes',
      record((out) => {
        instance(out, 'a', () => element(out, 'Event', {}, () => undefined), []);
        out.bytes.writeUInt32LE(0xffff_ffff, out.at - 4);
      }),
    ],
    [
      'with a template within a template',
      record((out) => {
        instance(
          out,
          'outer',
          () => {
            const inner = (): void => element(out, 'Event', {}, () => undefined);
            instance(out, 'inner', inner, []);
          },
          [],
        );
      }),
    ],
    [
      'with a template that contains itself',
      record((out) =>
        instance(
          out,
          'a',
          () =>
            out
              .u8(0x0c)
              .u8(1)
              .u32(1)
              .u32(out.templates.get('a') ?? 0)
              .u32(0),
          [],
        ),
      ),
    ],
    [
      'with an attribute that does not begin',
      record((out) => out.u8(0x41).u32(9).name('Event').u32(1).u8(0x05)),
    ],
    ['with attributes of another size', record((out) => out.u8(0x41).u32(9).name('Event').u32(70_000))],
  ])('%s', async (_, body) => {
    expect(await readOne({ body })).toBe('damaged');
  });
});

const EMPTY: WrittenValue = { type: 0x21, bytes: Buffer.alloc(0) };

/** A template that shows its value so often, which is binary XML that `write` writes. */
const showing = (out: Writer, times: number, write: () => void): void => {
  const define = (): void =>
    element(out, 'Event', {}, () => {
      for (let i = 0; i < times; i++) place(out, 0, 0x21);
    });
  const descriptions = instance(out, `shows ${times}`, define, [EMPTY]);
  const start = out.at;
  write();
  out.bytes.writeUInt16LE(out.at - start, descriptions);
};

const nested = (out: Writer, levels: number): void =>
  showing(out, 2, () => (levels > 0 ? nested(out, levels - 1) : element(out, 'A', {}, () => undefined)));

const chunkOf = (count: number, body: (out: Writer) => void): Buffer =>
  writeEvtx([Array.from({ length: count }, (_, at) => event({ recordId: at + 1, body: record(body) }))]);

describe('a small record does not become a large event', () => {
  const large = (out: Writer): void =>
    showing(out, 1_000, () => element(out, 'A', {}, () => text(out, 'x'.repeat(2_000))));

  it('by a value that is shown again and again', async () => {
    expect(await readAll(chunkOf(1, large))).toMatchObject({
      events: [],
      others: [['damaged', expect.any(Number)]],
    });
  });

  it('by values within values', async () => {
    const { events, others } = await readAll(chunkOf(20, (out) => nested(out, 30)));
    expect([events.length, others.length]).toEqual([0, 20]);
    expect((await readAll(chunkOf(1, (out) => nested(out, 7)))).events).toHaveLength(1);
  });

  it('by elements of one name, each with a number of its own', async () => {
    const rows = (out: Writer): void => {
      for (let i = 0; i < 20; i++) element(out, 'A', {}, () => undefined);
    };
    const few = await readAll(chunkOf(1, (out) => showing(out, 10, () => rows(out))));
    expect(Object.keys(few.events[0]?.Event as object).at(-1)).toBe('A_199');
    const many = await readAll(chunkOf(100, (out) => showing(out, 2_000, () => rows(out))));
    expect([many.events.length, many.others.length]).toEqual([0, 100]);
  });

  it('by many records, each within the limit of one', async () => {
    const shown = (out: Writer): void =>
      showing(out, 900, () => element(out, 'A', {}, () => text(out, 'x'.repeat(1_000))));
    const { events, others } = await readAll(chunkOf(28, shown));
    expect(events.length).toBeGreaterThan(0);
    expect(events.length).toBeLessThanOrEqual(5);
    expect(events.length + others.length).toBe(28);
  });

  it('by depth', async () => {
    const deep = (out: Writer, levels: number): void =>
      element(out, 'Event', {}, () => (levels > 0 ? deep(out, levels - 1) : undefined));
    expect((await readAll(chunkOf(1, (out) => deep(out, 60)))).events).toHaveLength(1);
    expect((await readAll(chunkOf(1, (out) => deep(out, 65)))).others).toHaveLength(1);
    expect((await readAll(chunkOf(1, (out) => deep(out, 2_000)))).others).toHaveLength(1);
  });
});
