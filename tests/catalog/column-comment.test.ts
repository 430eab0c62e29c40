/** Comments of columns: what feeds them, within Glue's limit, and nothing that breaks DDL. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnComment, COMMENT_LENGTH_MAX, commentText } from '../../src/catalog/column-comment.ts';
import { loadMapping } from '../../src/mapping/load.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const mapping = loadMapping(readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8'));

function commentOf(schema: string, column: string): string {
  const { ocsfClass } = mapping.tables.get(schema)!;
  const entries = mapping.entries.filter((entry) => entry.schema === schema);
  return columnComment(column, ocsfClass, entries);
}

describe('columnComment', () => {
  it.each([
    ['network_activity', 'time', 'milliseconds since 1970 UTC, from UtcTime, TimeCreated'],
    [
      'network_activity',
      'dst_endpoint',
      'from DestinationIp, DestinationPort, DestinationHostname, DestinationPortName, MachineName',
    ],
    ['dns_activity', 'rcode_id', 'from QueryStatus'],
    ['network_activity', 'severity', 'the caption of severity_id'],
    ['network_activity', 'severity_id', 'stated by the mapping'],
    ['network_activity', 'type_uid', 'class_uid * 100 + activity_id'],
  ])('%s.%s: %s', (schema, column, comment) => {
    expect(commentOf(schema, column)).toBe(comment);
  });

  it('names the fields of the joined process as such', () => {
    expect(commentOf('network_activity', 'actor')).toMatch(
      /^from ProcessGuid, ProcessId, Image, Process\.Hashes, Process\.CommandLine, /,
    );
  });

  it('does not take a column for another that begins as it does', () => {
    expect(commentOf('dns_activity', 'status_code')).toBe('from QueryStatus');
    expect(commentOf('dns_activity', 'status')).toBe('the caption of status_id');
  });
});

describe('commentText', () => {
  it('cuts a long list after a whole item', () => {
    const text = commentText([Array.from({ length: 60 }, (_, i) => `Field${i}`).join(', ')]);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LENGTH_MAX);
    expect(text).toMatch(/Field\d+, \.\.\.$/);
  });

  it('is one line without quotes, backslashes and semicolons, and no longer than Glue keeps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (any) => {
        const text = commentText([any]);
        expect(text.length).toBeLessThanOrEqual(COMMENT_LENGTH_MAX);
        expect(text).not.toMatch(/['"`\\;\n\r\t\0]/);
      }),
    );
  });
});
