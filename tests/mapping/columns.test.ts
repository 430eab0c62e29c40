/** The one column list of each class, and that records have its shape. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Column } from '../../src/ocsf/column.ts';
import { catalogue } from '../../src/sysmon/catalogue.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';
import { compiled, entriesText, eventOf, fields, mapWith, nodeText, told } from './mappings.ts';
import { shapeErrors } from './shape.ts';

const metadata = { version: '1.1.0', product: { vendor_name: 'Microsoft Sysinternals' } };
const entry = (schema: string, node: object): object => ({ schema, schema_mapping: { metadata, ...node } });
const columnsOf = (text: string, schema: string): readonly Column[] =>
  compiled(text).tables.get(schema)!.columns;
const named = (columns: readonly Column[], name: string): Column | undefined =>
  columns.find((column) => column.name === name);

describe('the columns of a class', () => {
  it('are typed by OCSF', () => {
    const columns = columnsOf(
      nodeText({
        process: {
          pid: '$.Description.ProcessId',
          name: '$.Description.Image',
          created_time: '$.Description.UtcTime',
          file: {
            convert: { evaluate: '$.Description.Image', to: 'file' },
            hashes: { convert: { evaluate: '$.Description.Hashes', to: 'fingerprints' } },
          },
        },
        raw_data: '$.Description',
        own: '$.Description.ProcessId',
      }),
      'process_activity',
    );
    expect(named(columns, 'process')?.type).toEqual({
      kind: 'struct',
      fields: [
        { name: 'pid', type: { kind: 'bigint' } },
        { name: 'name', type: { kind: 'string' } },
        { name: 'created_time', type: { kind: 'bigint' } },
        {
          name: 'file',
          type: {
            kind: 'struct',
            fields: [
              { name: 'name', type: { kind: 'string' } },
              { name: 'path', type: { kind: 'string' } },
              { name: 'parent_folder', type: { kind: 'string' } },
              { name: 'type_id', type: { kind: 'bigint' } },
              { name: 'type', type: { kind: 'string' } },
              {
                name: 'hashes',
                type: {
                  kind: 'list',
                  element: {
                    kind: 'struct',
                    fields: [
                      { name: 'algorithm_id', type: { kind: 'bigint' } },
                      { name: 'algorithm', type: { kind: 'string' } },
                      { name: 'value', type: { kind: 'string' } },
                    ],
                  },
                },
              },
            ],
          },
        },
      ],
    });
    expect(named(columns, 'own')?.type).toEqual({ kind: 'string' });
    expect(named(columns, 'raw_data')?.type).toEqual({ kind: 'string' });
    expect(named(columns, 'unmapped')?.type).toEqual({ kind: 'map' });
    expect(named(columns, 'time')?.type).toEqual({ kind: 'bigint' });
  });

  it('have what the record is completed with', () => {
    const names = columnsOf(nodeText({ activity_id: 1, severity_id: 1 }), 'process_activity').map(
      ({ name }) => name,
    );
    expect(names).toEqual([
      'metadata',
      'activity_id',
      'activity_name',
      'severity_id',
      'severity',
      'class_uid',
      'class_name',
      'category_uid',
      'category_name',
      'time',
      'type_uid',
      'type_name',
      'unmapped',
    ]);
  });

  it('are the union over its entries, in the order of the file, and apart from those of other classes', () => {
    const text = entriesText({
      b: entry('file_activity', { message: 'x', file: { name: 'a' } }),
      a: [
        entry('file_activity', { status: 'x', file: { path: 'b', name: 'a' } }),
        entry('process_activity', { comment: 'x' }),
      ],
    });
    const columns = columnsOf(text, 'file_activity');
    const names = columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['message', 'status']));
    expect(names.indexOf('message')).toBeLessThan(names.indexOf('status'));
    expect(names).not.toContain('comment');
    expect(named(columns, 'file')?.type).toEqual({
      kind: 'struct',
      fields: [
        { name: 'name', type: { kind: 'string' } },
        { name: 'path', type: { kind: 'string' } },
      ],
    });
    expect([...compiled(text).tables.keys()]).toEqual(['file_activity', 'process_activity']);
  });

  it('are the same for the same mapping', () => {
    const text = nodeText({ activity_id: 1, process: { pid: '$.Description.ProcessId' } });
    expect(columnsOf(text, 'process_activity')).toEqual(columnsOf(text, 'process_activity'));
  });

  it('may not contradict each other', () => {
    const text = entriesText({
      '1': entry('process_activity', { actor: { process: '$.Description.Image' } }),
      '5': entry('process_activity', { actor: { process: { pid: '$.Description.ProcessId' } } }),
    });
    expect(told(text, 'error')).toEqual([
      [
        '/custom_source_events/ocsf_mapping/5',
        'types column actor.process of process_activity otherwise than an entry before it',
      ],
    ]);
  });

  it('may not contradict what every record has', () => {
    const text = nodeText({ type_name: { a: 'b' } });
    expect(told(text, 'error')).toEqual([
      ['/custom_source_events/ocsf_mapping/1/schema_mapping', 'maps type_name to what it cannot be'],
    ]);
  });
});

describe('a record has the shape of its columns', () => {
  it.each([
    { message: { first: ['$.Description.User', 'x'] } },
    { metadata: { ...metadata, labels: ['$.Description.*', ['$.Description.User']] } },
    { own: [['$.Description.User'], [['x']]] },
    { own: { a: [{ b: '$.Description.User' }, { c: 'x' }] } },
    {
      process: {
        pid: 4,
        file: { convert: { evaluate: '$.Description.Image', to: 'file' }, type_id: 99, path: null },
      },
    },
    {
      actor: {
        user: {
          first: [
            { convert: { evaluate: '$.Description.Nothing', to: 'user' } },
            { uid: 'x', groups: [{ name: '$.Description.User' }] },
          ],
        },
      },
    },
    {
      attacks: [
        { convert: { evaluate: '$.Description.RuleName', to: 'attacks' } },
        { technique: { uid: 'x' }, version: 'y' },
      ],
    },
    { enrichments: [{ name: 'n', value: 'v', data: { a: ['$.Description.User', { b: 1 }] } }] },
    {
      process: {
        enum: { evaluate: '$.Description.User', values: { 'A\\b': { pid: 4 } }, other: { uid: 'x' } },
      },
    },
  ])('for %j', (node) => {
    const event = eventOf(
      { User: 'A\\b', Image: 'C:\\i', RuleName: 'technique_id=T1003.001' },
      { MachineName: 'h' },
    );
    const text = nodeText(node);
    expect(shapeErrors(mapWith(node, event).record, columnsOf(text, 'process_activity'))).toEqual([]);
    expect(Object.keys(mapWith(node, event).record)).toEqual(expect.arrayContaining(Object.keys(node)));
  });

  it.each(['OCSFmapping.json', 'OCSFmapping.native.json'])('for every event that %s maps', (file) => {
    const mapping = compiled(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));
    const process = sampleEvent(1, 'full')?.Description ?? fields();
    let records = 0;
    for (const eventId of catalogue.keys()) {
      for (const extent of ['full', 'least'] as const) {
        const event = sampleEvent(eventId, extent);
        const found = event && mapping.find(event);
        if (event === undefined || found === undefined) continue;
        records++;
        const { record } = found.map(event, found.joins ? { outcome: 'hit', process } : undefined);
        expect([eventId, shapeErrors(JSON.parse(JSON.stringify(record)), found.columns)]).toEqual([
          eventId,
          [],
        ]);
        const table = mapping.tables.get(found.schema)!;
        expect([eventId, shapeErrors(record, table.columns)]).toEqual([eventId, []]);
      }
    }
    expect(records).toBeGreaterThan(0);
  });
});
