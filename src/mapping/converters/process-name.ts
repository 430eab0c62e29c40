/** The name of a process, out of the path of its image. */
import type { Converter } from '../converter.ts';
import { splitPath } from './file.ts';

export const processName: Converter = {
  name: 'process_name',
  summary: 'the path of an image ► the file name at its end',
  output: { type: 'process_name_t' },
  lossless: false,
  convert: (text) => splitPath(text)?.name ?? text,
};
