/** The mappings of the project on real events: nothing is lost, and OCSF has nothing against the records. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { validateRecord } from '../../src/ocsf/validate.ts';
import { eventProcessGuid } from '../../src/sysmon/identity.ts';
import type { Fields, SysmonEvent } from '../../src/sysmon/event.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { splitRecords } from '../../src/sources/split.ts';
import { missingFields } from '../conservation.ts';
import { compiled } from './mappings.ts';
import { shapeErrors } from './shape.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '../shared/data');
const FILES: readonly (readonly [string, number])[] = [
  ['sysmon-kinesis-agent.ndjson.gz', 37_959],
  ['winlogbeat.ndjson.gz', 256],
  ['windows-event.xml.gz', 61],
];
/** 38,000 events, each mapped, searched and validated: seconds, but minutes on a busy machine. */
const TIMEOUT_MS = 300_000;
const available = FILES.every(([name]) => existsSync(join(folder, name))) ? it : it.skip;

async function* eventsOf(name: string): AsyncGenerator<SysmonEvent> {
  for await (const { bytes } of splitRecords(createReadStream(join(folder, name)).pipe(createGunzip()))) {
    const { event } = decodeRecord(bytes, 'auto');
    if (event !== undefined) yield event;
  }
}

const processes = new Map<string, Fields>();
const processOf = (event: SysmonEvent): Fields | undefined => processes.get(eventProcessGuid(event) ?? '');

describe.each(['OCSFmapping.json', 'OCSFmapping.native.json'])('%s', (file) => {
  const mapping = compiled(readFileSync(join(root, file), 'utf8'));

  available.each(FILES)(
    'keeps every field of %s in valid records of their columns',
    async (name, count) => {
      const findings = new Map<string, number>();
      const found = (what: string): unknown => findings.set(what, (findings.get(what) ?? 0) + 1);
      let events = 0;
      for await (const event of eventsOf(name)) {
        events++;
        const guid = eventProcessGuid(event);
        if (event.EventId === 1 && guid !== undefined) processes.set(guid, event.Description);
        const entry = mapping.find(event);
        if (entry === undefined) continue;
        const process = entry.joins ? processOf(event) : undefined;
        const { record } = entry.map(event, process ? { outcome: 'hit', process } : { outcome: 'miss' });
        for (const field of missingFields(event, record)) found(`${entry.key} loses ${field}`);
        for (const { code, path } of validateRecord(entry.ocsf, record).errors)
          found(`${entry.key} ${code} at ${path}`);
        for (const error of shapeErrors(record, entry.columns)) found(`${entry.key} ${error}`);
      }
      expect(Object.fromEntries(findings)).toEqual({});
      expect(events).toBe(count);
    },
    TIMEOUT_MS,
  );
});
