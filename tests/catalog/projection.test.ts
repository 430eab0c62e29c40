/** Partition projection finds exactly the folders that the lake writes. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { locationTemplate, tableProperties } from '../../src/catalog/projection.ts';
import { PARTITION_KEYS } from '../../src/catalog/table.ts';
import { classFolder, LAYOUTS, objectKey } from '../../src/lake/layout.ts';

const properties = tableProperties('s3://lake/ext/windows-sysmon/process_activity', {
  regions: 'eu-central-1,us-east-1',
  accountIds: '123456789012,external',
  startDay: '20200101',
});

describe('the location template', () => {
  it.each(LAYOUTS)('leads to the folder of each object, layout %s', (layout) => {
    const part = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const day = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(part, part, day, (region, accountId, date) => {
        const place = { location: 'ext/windows-sysmon', schema: 'process_activity', layout } as const;
        const eventDay = date.toISOString().slice(0, 10).replaceAll('-', '');
        const values: Record<string, string> = { region, accountid: accountId, eventday: eventDay };
        const folder = locationTemplate(`s3://lake/${classFolder(place)}`).replace(
          /\$\{(\w+)\}/g,
          (_, key: string) => values[key] ?? 'none',
        );
        const key = objectKey({ ...place, region, accountId, eventDay, name: 'x' });
        expect(`s3://lake/${key}`).toBe(`${folder}x.zstd.parquet`);
      }),
    );
  });
});

describe('tableProperties', () => {
  it('projects every key of the partitions', () => {
    for (const { name } of PARTITION_KEYS) {
      expect(properties).toHaveProperty([`projection.${name}.type`]);
      expect(properties['storage.location.template']).toContain(`\${${name}}`);
    }
  });

  it('sees a day more than today: clocks of hosts may be ahead', () => {
    expect(properties).toMatchObject({
      'projection.enabled': 'true',
      'projection.eventday.type': 'date',
      'projection.eventday.format': 'yyyyMMdd',
      'projection.eventday.range': '20200101,NOW+1DAYS',
    });
  });

  it('lists regions and accounts without blanks', () => {
    expect(properties['projection.region.values']).toBe('eu-central-1,us-east-1');
    expect(properties['projection.accountid.values']).toBe('123456789012,external');
  });
});
