/**
 * The contract of all forms: one event, in every form in which it can arrive, is the same event. Each file
 * forms/<form>[.<variant>].record is a record, and <…>.event.json the event that it holds.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { FORMS } from '../../src/sources/forms.ts';
import { mayBeProcessCreate } from '../../src/sources/may-be-process-create.ts';
import { SOURCE_FORMATS, type SourceFormat } from '../../src/sources/source.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';
import { validateRecord } from '../../src/ocsf/validate.ts';

const FOLDER = path.join(import.meta.dirname, 'forms');
const NAMES = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.record') ? [file.slice(0, -7)] : []));
const recordOf = (name: string): Buffer => readFileSync(path.join(FOLDER, `${name}.record`));
const eventOf = (name: string): SysmonEvent => decodeRecord(recordOf(name), 'auto').event!;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The form of what a wrapping holds. */
const INNER: Readonly<Record<string, SourceFormat>> = {
  'fluent-bit.xml': 'event-xml',
  'text-in-json.splunk': 'event-xml',
  'text-in-json.azure': 'event-xml',
  'text-in-json.router': 'kinesis-agent',
  'cloudwatch-logs.xml': 'event-xml',
  'cloudwatch-logs.text': 'cloudwatch-text',
  'opentelemetry.otlp-xml': 'event-xml',
};

/** What a form does not say of the envelope, or says less exactly. */
const LACKS: Readonly<Record<string, readonly (keyof SysmonEvent)[]>> = {
  'azure-monitor.event': ['Index', 'UserName'],
  'cloudwatch-logs.text': ['Index', 'UserName'],
  'cloudwatch-text': ['Index', 'UserName'],
  'fluent-bit': ['TimeCreated'],
  'nxlog.local-time': ['TimeCreated'],
  opentelemetry: ['UserName'],
  'opentelemetry.list': ['UserName'],
  'opentelemetry.otlp': ['UserName'],
  wazuh: ['UserName'],
};

const TRUE_EVENT = eventOf('event-xml');
const ENVELOPE = ['MachineName', 'LogName', 'ProviderName', 'LevelDisplayName', 'Index', 'UserName'] as const;

describe.each(NAMES)('the form %s', (name) => {
  const document: unknown = recordOf(name).toString().startsWith('{')
    ? JSON.parse(recordOf(name).toString())
    : undefined;

  it('is read, and named', () => {
    const decoded = decodeRecord(recordOf(name), 'auto');
    expect(decoded.reason).toBeUndefined();
    expect(decoded.event && decoded.format).toBe(INNER[name] ?? name.split('.')[0]);
    expect(SOURCE_FORMATS).toContain(name.split('.')[0]);
  });

  it('gives the event of its golden file', () => {
    const golden: unknown = JSON.parse(readFileSync(path.join(FOLDER, `${name}.event.json`), 'utf8'));
    expect(plain(eventOf(name))).toEqual(golden);
  });

  it('gives the same event as every other form, but for what it does not say', () => {
    const event = eventOf(name);
    const lacks = LACKS[name] ?? [];
    expect({ ...event.Description }).toEqual({ ...TRUE_EVENT.Description });
    for (const key of ENVELOPE) {
      expect([key, event[key]]).toEqual([key, lacks.includes(key) ? undefined : TRUE_EVENT[key]]);
    }
    if (lacks.includes('TimeCreated')) expect(event.TimeCreated).not.toBe(TRUE_EVENT.TimeCreated);
    else expect(Date.parse(event.TimeCreated!)).toBe(Date.parse(TRUE_EVENT.TimeCreated!));
  });

  it.each(['OCSFmapping.json', 'OCSFmapping.native.json'])('gives the same valid record by %s', (file) => {
    const mapping = loadMapping(readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8'));
    const mapped = (event: SysmonEvent) => {
      const entry = mapping.find(event)!;
      const { record } = entry.map(event);
      expect(validateRecord(entry.ocsf, record).errors).toEqual([]);
      const { metadata, ...rest } = plain({ ...record, unmapped: undefined }) as Record<
        string,
        Record<string, unknown>
      >; // as: a record of objects
      const { uid, sequence, logged_time: logged, log_version: version, ...own } = metadata!;
      for (const part of [uid, logged ?? 0, sequence ?? 0, version ?? '5']) expect(part).toBeDefined();
      return { ...rest, metadata: own };
    };
    expect(mapped(eventOf(name))).toEqual(mapped(TRUE_EVENT));
  });

  it('is recognised by one form alone', () => {
    if (document === undefined) return;
    const recognised = FORMS.filter((form) => form.recognises(document as Record<string, unknown>));
    const names = recognised.map((form) => form.name);
    // Elastic Agent writes Winlogbeat's document and more.
    const expected =
      name === 'elastic-agent'
        ? ['elastic-agent', 'winlogbeat']
        : [name === 'fluent-bit.xml' ? 'text-in-json' : name.split('.')[0]];
    expect(names).toEqual(expected);
  });

  it('loses nothing: every text of the record is in the event', () => {
    if (document === undefined) return;
    const event = eventOf(name);
    const kept = JSON.stringify([
      event.Description,
      event.UserDefined,
      { ...event, Description: 0, UserDefined: 0 },
    ]).toLowerCase();
    const texts: string[] = [];
    const walk = (value: unknown): void => {
      if (typeof value === 'string') texts.push(value);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
    };
    walk(document);
    const lost = texts.filter((text) => {
      const isShort =
        text.length < 3 ||
        text.includes('\n') ||
        text.startsWith('<') ||
        text.startsWith('[') ||
        text.startsWith('{"');
      const isTime = /^\d{4}-\d\d-\d\d[T ]|^\/Date|^0x8|^-?9223|^Information$|^Informationen$|^\d{19}$/.test(
        text,
      );
      const body = JSON.stringify(text).slice(1, -1).toLowerCase();
      return !isShort && !isTime && !kept.includes(body) && !/^microsoft-windows-sysmon$/i.test(text);
    });
    const isSchema = (text: string): boolean =>
      text.startsWith('http://schemas.') || text.startsWith('S-1-') || /^[a-zA-Z_]+$/.test(text);
    expect(lost.filter((text) => !isSchema(text))).toEqual([]);
  });

  it('gives no record without its provider, its EventID or its host', () => {
    // Kinesis Agent's documented records lack them, and text has them in fixed places.
    if (document === undefined || name.startsWith('kinesis-agent') || name === 'text-in-json.router') return;
    const text = recordOf(name).toString();
    for (const part of ['Microsoft-Windows-Sysmon', 'host.corp.example'] as const) {
      const without = text.replaceAll(new RegExp(`(["'>\\[])${part}(?=["'<\\]\\\\])`, 'g'), '$1');
      expect(without).not.toBe(text);
      expect([part, decodeRecord(Buffer.from(without), 'auto').event]).toEqual([part, undefined]);
    }
  });

  it('gives no record that has fields of half of it, wherever its bytes are cut', () => {
    const bytes = recordOf(name);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (at) => {
        const { event } = decodeRecord(bytes.subarray(0, at), 'auto');
        if (event === undefined) return;
        for (const [field, value] of Object.entries(event.Description)) {
          expect([field, value]).toEqual([field, TRUE_EVENT.Description[field]]);
        }
        for (const field of ['UtcTime', 'ProcessGuid', 'ProcessId', 'DestinationPort'])
          expect(event.Description).toHaveProperty(field);
      }),
      { numRuns: 200 },
    );
  });

  it('as an EventID 1 is seen by the first pass', () => {
    const text = recordOf(name)
      .toString()
      .replaceAll(
        /(EventI[dD]\\?"?:\s*\\?"?|<EventID>|eventID":"|event_id"?:"?|"Id":|"id":|"code":"|#text":|intValue":"|\] \[)3(?!\d)/g,
        '$11',
      );
    expect(mayBeProcessCreate(Buffer.from(text))).toBe(true);
  });
});

describe('keys of another form mixed in', () => {
  it('give an event with the values of one form, or none', () => {
    const documents = NAMES.flatMap((name): Record<string, unknown>[] => {
      const text = recordOf(name).toString();
      return text.startsWith('{') ? [JSON.parse(text) as Record<string, unknown>] : [];
    });
    const two = fc.tuple(
      fc.constantFrom(...documents),
      fc.constantFrom(...documents),
      fc.infiniteStream(fc.boolean()),
    );
    fc.assert(
      fc.property(two, ([one, other, picks]) => {
        const mixed = {
          ...Object.fromEntries(Object.entries(other).filter(() => picks.next().value)),
          ...one,
        };
        const { event } = decodeRecord(Buffer.from(JSON.stringify(mixed)), 'auto');
        for (const [field, value] of Object.entries(event?.Description ?? {})) {
          if (TRUE_EVENT.Description[field] !== undefined)
            expect([field, value]).toEqual([field, TRUE_EVENT.Description[field]]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
