/** Values that stand under the names of others, in the ways that were seen: no value is read as what it is not. */
import { describe, expect, it } from '@jest/globals';
import { processContextOf } from '../../src/join/process-context.ts';
import { readFields } from '../../src/sysmon/reading.ts';
import { alignNames } from '../../src/sysmon/event-data.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';

const TIME = '2026-01-02 03:04:05.678';
const GUID = '{5fe2a7c1-3a25-6957-0102-000000000500}';

const fieldsOf = (reading: ReturnType<typeof readFields>): Record<string, string> | undefined =>
  reading && { ...reading.fields };
const text = (title: string, fields: Record<string, string>): string =>
  [title, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n');
const created = (changes: Record<string, string>): Record<string, string> => ({
  ...sampleEvent(1, 'full')!.Description,
  ...changes,
});

describe('values among which an empty one is missing', () => {
  it('do not make a folder without a last backslash the command line', () => {
    const fields = created({ CommandLine: 'C:\\Windows\\a.exe -x', CurrentDirectory: 'C:\\Windows' });
    const kept = Object.entries(fields).flatMap(([name, value]) =>
      name === 'OriginalFileName' ? [] : [value],
    );
    const found = alignNames(1, kept)!;
    expect(found.isPartial).toBe(true);
    expect(found.fields).toMatchObject({ Image: fields.Image, ProcessGuid: fields.ProcessGuid });
    for (const name of ['CommandLine', 'CurrentDirectory', 'OriginalFileName'])
      expect([undefined, fields[name]]).toContain(found.fields[name]);
  });

  it.each([
    [17, ['CreatePipe', TIME, GUID, 4242, '\\pipe', 'C:\\a.exe']],
    [18, ['ConnectPipe', TIME, GUID, 4242, '\\pipe', 'C:\\a.exe']],
  ])('do not make the EventType of %i the name of a rule', (eventId, positional) => {
    const fields = fieldsOf(readFields({ eventId, positional }));
    expect(fields).toMatchObject({ EventType: positional[0], PipeName: '\\pipe', Image: 'C:\\a.exe' });
    expect(fields).not.toHaveProperty('RuleName');
  });

  it('do not take padding for an empty Image', () => {
    const positional = [TIME, GUID, 42, 'a.example', '0', 'C:\\a.exe', '', ''];
    const fields = fieldsOf(readFields({ eventId: 22, positional }));
    expect(fields?.QueryResults).not.toBe('C:\\a.exe');
  });
});

describe('values under the names of others', () => {
  it('are not believed where a time stands elsewhere than under UtcTime', () => {
    const shifted = {
      ...{ RuleName: 'WmiFilterEvent', EventType: TIME, UtcTime: 'Created', Operation: 'CORP\\bob' },
      ...{ User: 'ns', EventNamespace: 'n', Name: 'q', Query: '' },
    };
    const fields = fieldsOf(readFields({ eventId: 19, named: shifted }));
    expect(fields?.UtcTime ?? TIME).toBe(TIME);
    expect(fields?.User).not.toBe('ns');
  });

  it('are named anew where an old event was shown with a newer manifest', () => {
    const named = {
      ...{ UtcTime: TIME, ProcessGuid: GUID, ProcessId: '42', Image: 'C:\\a.exe', ImageLoaded: 'C:\\b.dll' },
      ...{ FileVersion: 'SHA1=0A', Description: 'true', Product: 'Microsoft Windows', Company: 'Valid' },
    };
    const fields = fieldsOf(readFields({ eventId: 7, named }));
    expect(fields).toMatchObject({ Hashes: 'SHA1=0A', Signed: 'true', Signature: 'Microsoft Windows' });
    expect(fields).not.toHaveProperty('Company');
  });

  it('are a signer and a status that stand the other way round', () => {
    const swapped = { Signed: 'true', Signature: 'Valid', SignatureStatus: 'Microsoft Windows' };
    const { Description } = sampleEvent(7, 'full')!;
    const read = readFields({ eventId: 7, message: text('Image loaded:', { ...Description, ...swapped }) });
    expect(read?.fields.Signature).not.toBe('Valid');
    // Whoever signs a file chooses the name, and cannot hide it so.
    const named = { ...Description, Signature: 'Valid', SignatureStatus: 'Unavailable' };
    const message = text('Image loaded:', named);
    expect(fieldsOf(readFields({ eventId: 7, message }))).toEqual(named);
    expect(fieldsOf(readFields({ eventId: 7, named }))).toEqual(named);
  });

  it('never enter the process table', () => {
    const event = sampleEvent(1, 'full')!;
    const contextWith = (changes: Record<string, string>): unknown =>
      processContextOf({ ...event, Description: { ...event.Description, ...changes } }, ['CommandLine']);
    expect(contextWith({})).toBeDefined();
    for (const wrong of [{ ProcessId: 'x12' }, { User: 'C:\\Users\\u\\' }, { IntegrityLevel: 'SHA1=0A' }])
      expect(contextWith(wrong)).toBeUndefined();
  });
});

describe('a text', () => {
  const ended = {
    RuleName: '-',
    UtcTime: TIME,
    ProcessGuid: GUID,
    ProcessId: '12',
    Image: 'C:\\a.exe',
    User: 'PC\\u',
  };

  it.each(['Process Create:', 'File created:'])(
    'with the fields of 5 under the title %s is none',
    (title) => {
      expect(readFields({ eventId: 5, message: text(title, ended) })).toBeUndefined();
    },
  );

  it('whose fields are of its number, under the title of another event, is none', () => {
    const { Description } = sampleEvent(11, 'full')!;
    expect(readFields({ eventId: 11, message: text('Process terminated:', Description) })).toBeUndefined();
  });

  it('of an older event that a newer manifest shows keeps its zeros', () => {
    const old = created({ TerminalSessionId: '0' });
    delete old.OriginalFileName;
    delete old.ParentUser;
    const values = Object.values(old);
    const shown = Object.fromEntries(
      Object.keys(created({})).map((name, at) => [name, values[at] ?? `%${at + 1}`]),
    );
    const fields = fieldsOf(readFields({ eventId: 1, message: text('Process Create:', shown) }));
    expect(fields).toEqual(old);
  });
});
