/**
 * Writes binary event logs: `node scripts/verify-evtx-sample.ts FOLDER`. `written.evtx` has every event of the
 * catalogue, and everything that binary XML can hold; `full.evtx` has chunks as full as those of a real log.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../src/sysmon/catalogue.ts';
import { sampleEvent } from '../src/sysmon/sample.ts';
import { oddEvents } from '../tests/evtx/odd-events.ts';
import { writeEvtx } from '../tests/evtx/write-evtx.ts';

const EVENTS_PER_CHUNK = 24;
const CHUNKS = 20;

const [folder = '.'] = process.argv.slice(2);
const events = [...catalogue.keys()].map((eventId, at) => ({
  recordId: at + 1,
  eventId,
  computer: 'host.corp.example',
  fields: {
    ...sampleEvent(eventId, 'full')?.Description,
    Empty: null,
    Number: 4711,
    Flag: true,
    Text: 'Größe 日本 \u{1f600} <&>"',
  },
}));
const odd = [...oddEvents().values()].map((event, at) => ({ ...event, recordId: events.length + at + 1 }));
writeFileSync(
  join(folder, 'written.evtx'),
  writeEvtx([events.slice(0, 15), events.slice(15), odd.slice(0, 60), odd.slice(60)]),
);

// As in most logs: process creations above all, then a few others.
const common = [1, 1, 1, 1, 3, 10, 11, 13];
const chunks = Array.from({ length: CHUNKS }, (_, chunk) =>
  Array.from({ length: EVENTS_PER_CHUNK }, (__, at) => {
    const eventId = common[at % common.length] ?? 1;
    const fields = { ...sampleEvent(eventId, 'full')?.Description };
    return { recordId: chunk * EVENTS_PER_CHUNK + at + 1, eventId, computer: 'host.corp.example', fields };
  }),
);
writeFileSync(join(folder, 'full.evtx'), writeEvtx(chunks));
