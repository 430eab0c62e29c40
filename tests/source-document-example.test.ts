/** The record that the source document prints ("Event streamed using Kinesis Data Streams"), as it is printed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadMapping } from '../src/mapping/load.ts';
import { validateRecord } from '../src/ocsf/validate.ts';
import { decodeRecord } from '../src/sources/decode.ts';
import { recordsOf } from '../src/sources/records.ts';

const PRINTED = String.raw`{"EventId":"1",
    "source_instance_id": "i-1234example56789",
    "Description":"File created:
    RuleName: technique_id=T1574.010,technique_name=Services File Permissions Weakness
    UtcTime: 2023-10-03 23:50:22.438
    ProcessGuid: {78c8aea6-5a34-651b-1900-000000005f01}
    ProcessId: 1128
    Image: C:\Windows\System32\svchost.exe
    TargetFilename: C:\Windows\ServiceState\EventLog\Data\lastalive1.dat
    CreationUtcTime: 2023-10-03 00:04:00.984
    User: NT AUTHORITY\LOCAL SERVICE"}
`;

describe("the source document's example", () => {
  it.each(['OCSFmapping.json', 'OCSFmapping.native.json'])(
    "gives the document's table by %s",
    async (file) => {
      const records: Uint8Array[] = [];
      const printed = (async function* () {
        yield await Promise.resolve(Buffer.from(PRINTED));
      })();
      for await (const { bytes } of recordsOf(printed)) records.push(bytes);
      expect(records).toHaveLength(1);
      const event = decodeRecord(records[0]!, 'auto').event!;
      const entry = loadMapping(readFileSync(path.join(import.meta.dirname, '..', file), 'utf8')).find(
        event,
      )!;
      const { record } = entry.map(event);
      expect(validateRecord(entry.ocsf, record).errors).toEqual([]);
      expect(record).toMatchObject({
        category_uid: 1,
        category_name: 'System Activity',
        class_uid: 1001,
        class_name: 'File System Activity',
        activity_id: 1,
        type_uid: 100101,
        severity: 'Informational',
        severity_id: 1,
        time: Date.UTC(2023, 9, 3, 23, 50, 22, 438),
        // The document has type_id 6; the id that it prints is not one that EC2 gives.
        device: { type_id: 0, instance_uid: 'i-1234example56789' },
        actor: {
          process: { name: 'svchost.exe', pid: 1128, uid: '{78c8aea6-5a34-651b-1900-000000005f01}' },
          user: { name: 'LOCAL SERVICE', domain: 'NT AUTHORITY' },
        },
        file: {
          name: 'lastalive1.dat',
          path: 'C:\\Windows\\ServiceState\\EventLog\\Data\\lastalive1.dat',
          type_id: 1,
        },
        metadata: { product: { vendor_name: 'Microsoft Sysinternals' }, version: '1.1.0' },
        unmapped: { EventId: '1' },
      });
    },
  );
});
