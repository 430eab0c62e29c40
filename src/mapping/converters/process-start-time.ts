/** When a process started, as its ProcessGuid tells. */
import { isNullGuid, processStartSeconds } from '../../sysmon/process-guid.ts';
import type { Converter } from '../converter.ts';

export const processStartTime: Converter = {
  name: 'process_start_time',
  summary: 'a ProcessGuid ► the second in which the process started, which Sysmon writes into it',
  output: { type: 'timestamp_t' },
  lossless: false,
  convert: (text) => {
    // The null GUID names no process, which is nothing wrong.
    if (isNullGuid(text)) return '';
    const seconds = processStartSeconds(text);
    return seconds === undefined ? undefined : seconds * 1000;
  },
};
