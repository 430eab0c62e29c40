import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appearanceOf } from '../../src/sources/appearance.ts';

const look = (text: string, reason = 'not_an_event') => appearanceOf(Buffer.from(text), reason);
const SECRET = 'S3cr3t-Value';

describe('appearanceOf', () => {
  it.each([
    [
      '{"ProviderName":"Microsoft-Windows-Security-Auditing","EventID":4624}',
      'not_sysmon',
      'Windows Security events',
    ],
    [
      "<Event><System><Provider Name='Microsoft-Windows-PowerShell'/></System></Event>",
      'not_sysmon',
      'PowerShell events',
    ],
    [
      "<Event><System><Provider Name='Other'/></System></Event>",
      'not_sysmon',
      'events of another provider than Sysmon',
    ],
    ['{"channel":"x","event_id":1}', 'not_an_event', 'JSON of an agent that is not read'],
    ['{"EventId":1,"Desc', 'not_json', 'JSON that is cut off or damaged'],
    [
      'Level,Date and Time,Source,Event ID,Task Category',
      'not_json',
      'CSV export of Event Viewer; export as XML instead',
    ],
    [
      'Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie',
      'not_json',
      'CSV export of Event Viewer; export as XML instead',
    ],
    [
      'Information,11/3/2023 8:26:45 AM,Microsoft-Windows-Sysmon,5,Process terminated',
      'not_json',
      'CSV export of Event Viewer; export as XML instead',
    ],
    ['<!DOCTYPE html><html>', 'not_xml', 'HTML'],
    ['MZ\u0090\0', 'not_utf8', 'a Windows program'],
    ['   ', 'not_json', 'nothing but blanks'],
    [
      'anything',
      'unreadable_text',
      'messages in a language or of a version that cannot be read; send the values, too',
    ],
    ['{"hello":"world"}', 'not_an_event', undefined],
    ['hello', 'not_json', undefined],
  ])('says of %j, %s: %s', (text, reason, expected) => expect(look(text, reason)).toBe(expected));

  it('never throws, and never says a part of the record', () => {
    const text = fc.string().map((some) => `${some}${SECRET}${some}`);
    fc.assert(fc.property(text, (some) => expect(look(some) ?? '').not.toContain(SECRET)));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void appearanceOf(bytes, 'not_utf8')));
  });
});
