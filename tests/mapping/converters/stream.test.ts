import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileOfStream, streamName } from '../../../src/mapping/converters/stream.ts';
import { converted, partsOf } from './conversion.ts';

it.each([
  ['C:\\a\\setup.exe:Zone.Identifier', 'C:\\a\\setup.exe', 'Zone.Identifier'],
  ['C:\\setup.exe:x:$DATA', 'C:\\setup.exe', 'x:$DATA'],
  ['C:\\a:b\\c:d', 'C:\\a:b\\c', 'd'],
])('%s is a file with a stream', (text, path, stream) => {
  expect(converted(fileOfStream, text)).toMatchObject({ path });
  expect(converted(streamName, text)).toBe(stream);
});

it.each(['C:\\a\\setup.exe', 'C:\\a\\:x', 'System'])('%s has no stream', (text) => {
  expect(converted(streamName, text)).toBe('');
  expect(JSON.stringify(converted(fileOfStream, text))).toContain(JSON.stringify(text));
});

it('a path and the name of its stream tell the text back', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('\\', ':', 'C:\\', 'a'));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const text = parts.join('') || 'a';
      const path = partsOf(fileOfStream, text)?.path;
      const stream = converted(streamName, text) as string; // as: its output type is a text
      if (path !== undefined && stream !== '') expect(`${path}:${stream}`).toBe(text);
    }),
  );
});
