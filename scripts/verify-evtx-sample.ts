/** Writes a binary event log with every event of the catalogue: `node scripts/verify-evtx-sample.ts FILE`. */
import { writeFileSync } from 'node:fs';
import { catalogue } from '../src/sysmon/catalogue.ts';
import { sampleEvent } from '../src/sysmon/sample.ts';
import { writeEvtx } from '../tests/evtx/write-evtx.ts';

const [file = 'written.evtx'] = process.argv.slice(2);
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
writeFileSync(file, writeEvtx([events.slice(0, 15), events.slice(15)]));
