/** Alternate data streams of files, which EventID 15 tells of. */
import type { Converter } from '../converter.ts';
import { file, splitPath } from './file.ts';

/** Where the name of an alternate data stream begins: `C:\a\setup.exe:Zone.Identifier`; not at the colon of a drive. */
function streamAt(path: string): number {
  const name = splitPath(path)?.name ?? path;
  const at = name.indexOf(':');
  return at <= 0 ? -1 : path.lastIndexOf(name) + at;
}

export const fileOfStream: Converter = {
  ...file,
  name: 'file_of_stream',
  summary: 'the path of an alternate data stream ► file, without the name of the stream',
  lossless: false,
  convert: (text, fail, schema) => {
    const at = streamAt(text);
    return file.convert(at < 0 ? text : text.slice(0, at), fail, schema);
  },
};

export const streamName: Converter = {
  name: 'stream_name',
  summary: 'the path of an alternate data stream ► the name of the stream; absent for a path without one',
  output: { type: 'string_t' },
  lossless: false,
  convert: (text) => {
    const at = streamAt(text);
    return at < 0 ? '' : text.slice(at + 1);
  },
};
