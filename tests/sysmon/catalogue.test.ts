import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { catalogue, fieldLists, fieldType, kindOfTitle } from '../../src/sysmon/catalogue.ts';

const factsFile = join(import.meta.dirname, '../../../shared/sysmon/fields.json');
const withFacts = existsSync(factsFile) ? it : it.skip;

interface Facts {
  title: string;
  title_older: string[];
  rulename: string | null;
  fields: string[];
  inTypes: Record<string, string>;
  added_at_schema: Record<string, string>;
  removed_fields: string[];
  history: { schema: string; fields: string[] }[];
}

const TYPES: Record<string, string> = {
  'win:UnicodeString': 'text',
  'win:GUID': 'guid',
  'win:UInt16': 'uint',
  'win:UInt32': 'uint',
  'win:HexInt32': 'hex',
  'win:HexInt64': 'hex',
  'win:Boolean': 'bool',
};

const listsOf = (id: number) => fieldLists(catalogue.get(id)!);

describe('the catalogue', () => {
  it('has the 30 events of Sysmon', () => {
    expect([...catalogue.keys()]).toEqual([...Array.from({ length: 29 }, (_, index) => index + 1), 255]);
    for (const [id, kind] of catalogue) expect(kind.id).toBe(id);
  });

  it('gives every name one type, whatever the event', () => {
    for (const { fields } of catalogue.values()) {
      for (const { name, type } of fields) expect([name, fieldType(name)]).toEqual([name, type]);
    }
  });

  it('takes a name that Sysmon does not know for text', () => {
    expect(fieldType('constructor')).toBe('text');
  });

  it('finds a kind by its current and its older titles, and by nothing else', () => {
    for (const kind of catalogue.values())
      for (const title of kind.titles) expect(kindOfTitle(title)).toBe(kind);
    expect(kindOfTitle('File Delete:')?.id).toBe(23);
    expect(kindOfTitle('File Delete')).toBeUndefined();
    expect(kindOfTitle('')).toBeUndefined();
  });

  it('reads the letter case of GUID fields as each event spells them', () => {
    expect(catalogue.get(8)?.fields[2]).toEqual({ name: 'SourceProcessGuid', type: 'guid', since: '2.0' });
    expect(catalogue.get(10)?.fields[2]).toEqual({ name: 'SourceProcessGUID', type: 'guid', since: '3.10' });
  });

  it('derives the older field lists of an event', () => {
    expect(listsOf(4)).toEqual([
      ['UtcTime', 'State', 'Version', 'SchemaVersion'],
      ['UtcTime', 'State'],
      ['SequenceNumber', 'State'],
    ]);
    expect(listsOf(12)).toEqual([
      ['RuleName', 'EventType', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'TargetObject', 'User'],
      ['RuleName', 'EventType', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'TargetObject'],
      ['EventType', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'TargetObject'],
      ['UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'EventType', 'TargetObject'],
    ]);
    expect(listsOf(29)).toHaveLength(1);
  });

  withFacts('agrees with the facts gathered from the schemas of Sysmon', () => {
    // as: the file is this project's own collection, in the shape above
    const { events } = JSON.parse(readFileSync(factsFile, 'utf8')) as { events: Record<string, Facts> };
    expect(Object.keys(events).map(Number)).toEqual([...catalogue.keys()]);
    for (const [id, facts] of Object.entries(events)) {
      const kind = catalogue.get(Number(id))!;
      expect(kind.titles).toEqual([facts.title, ...facts.title_older]);
      if (facts.rulename !== null) expect(kind.name).toBe(facts.rulename);
      expect(kind.fields.map(({ name }) => name)).toEqual(facts.fields);
      expect(kind.removedFields).toEqual(facts.removed_fields);
      for (const { name, type, since } of kind.fields) {
        expect([id, name, type]).toEqual([id, name, TYPES[facts.inTypes[name]!]]);
        const added = facts.added_at_schema[name]!;
        // "<=": seen in the schema of 4.90 and in none before it.
        if (added.startsWith('<=')) expect(Number(since)).toBeLessThanOrEqual(4.9);
        else expect([id, name, since]).toEqual([id, name, added]);
      }
      const history = facts.history.map(({ fields }) => fields.join()).reverse();
      const expected = history.length > 0 ? [...new Set(history)] : [facts.fields.join()];
      expect([id, ...fieldLists(kind).map((names) => names.join())]).toEqual([id, ...expected]);
      for (const { schema, names } of kind.olderOrders) {
        expect(facts.history.find((version) => version.schema === schema)?.fields).toEqual(names);
      }
    }
  });
});
