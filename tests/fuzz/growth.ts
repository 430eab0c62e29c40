/**
 * Text that grows in the ways that make a careless reader slow: what is linear takes as long for each byte of it
 * whatever its length. Each once took minutes, or is of the kind that would.
 */
import { canonicalIp } from '../../src/mapping/coerce.ts';
import { converters } from '../../src/mapping/converters.ts';
import { ocsfSchema } from '../../src/ocsf/schemas.ts';
import { decodeRecord } from '../../src/sources/decode.ts';
import { mayBeProcessCreate } from '../../src/sources/may-be-process-create.ts';
import { parseDescription } from '../../src/sysmon/description.ts';

export interface Growth {
  readonly name: string;
  /** Text of about so many bytes. */
  readonly make: (sizeBytes: number) => string;
  readonly run: (text: string) => void;
}

const schema = ocsfSchema('1.1.0');

const convert =
  (name: string) =>
  (text: string): void => {
    if (schema !== undefined) converters.get(name)?.convert(text, () => undefined, schema);
  };
const decode = (text: string): void => void decodeRecord(Buffer.from(text), 'auto');
const described = (text: string): void => void parseDescription(1, text);
const unknown = (text: string): void => decode(JSON.stringify({ EventId: 30, Description: text }));
const firstPass = (text: string): void => void mayBeProcessCreate(Buffer.from(text));

/** A piece over and over; `head` and `tail` around it. */
const over =
  (piece: string, head = '', tail = '') =>
  (sizeBytes: number): string =>
    head + piece.repeat(Math.ceil(sizeBytes / piece.length)) + tail;

/** Pieces with a number in them. */
const numbered =
  (piece: (number: number) => string) =>
  (sizeBytes: number): string => {
    const pieces: string[] = [];
    for (let length = 0, number = 1; length < sizeBytes; number++)
      length += pieces[pieces.push(piece(number)) - 1]?.length ?? 1;
    return pieces.join('');
  };

const event = (system: string, data = '<Data Name="Image">a</Data>'): string =>
  `<Event><System><EventID>1</EventID>${system}</System><EventData>${data}</EventData></Event>`;

const growth = (name: string, make: Growth['make'], run: Growth['run']): Growth => ({ name, make, run });

export const GROWTHS: readonly Growth[] = [
  growth('a registry value that begins like a DWORD', over('a', 'DWORD (0x', 'z'), convert('registry_type')),
  growth('a registry value of dashes', over('-', 'QWORD (0x', 'z'), convert('registry_type')),
  growth(
    'a rule name with blanks in it',
    over(' ', 'technique_id=T1234,technique_name=', 'x'),
    convert('attacks'),
  ),
  growth('a rule name with blanks behind a comma', over(' ', 'technique_id=T1234,', 'x'), convert('attacks')),
  growth('a rule name of many techniques', over('technique_id=T1234,technique_name=a,'), convert('attacks')),
  growth('a text with quotes in it', over('" ', '"', 'x'), convert('unquoted')),
  growth('a DNS answer with blanks', over(' ', 'type: ', ';'), convert('dns_answers')),
  growth('a DNS answer of digits', over('1', 'type: ', ';'), convert('dns_answers')),
  growth('an address of colons', over(':'), (text) => void canonicalIp(text)),
  growth('an address of groups', over('a:'), (text) => void canonicalIp(text)),
  growth('an address with a long zone', over('%', 'fe80::1'), (text) => void canonicalIp(text)),
  growth('hashes without names', over(','), convert('fingerprints')),
  growth('a path of separators', over('\\'), convert('file')),
  growth('names that repeat', over('Image: \n'), described),
  growth(
    'names in order, over and over',
    over('UtcTime: x\r\nImage: y\r\nUser: z\r\n', 'Process Create:\r\n'),
    described,
  ),
  growth(
    'names that nobody knows',
    numbered((i) => `a${i}: x\r\n`),
    unknown,
  ),
  growth(
    'inserts that nobody filled',
    numbered((i) => `a${i}: %${i}\r\n`),
    unknown,
  ),
  growth('a name that goes on', over('A', '', ':'), described),
  growth(
    'a long key above many others',
    (sizeBytes) => {
      const many = Object.fromEntries(Array.from({ length: sizeBytes / 20 }, (_, i) => [`k${i}`, 1]));
      return JSON.stringify({
        winlog: { event_id: 1, event_data: { Image: 'a' }, ['x'.repeat(sizeBytes / 2)]: many },
      });
    },
    decode,
  ),
  growth(
    'an element with a long name and many attributes',
    (sizeBytes) => event(`<${'x'.repeat(sizeBytes / 2)}${numbered((i) => ` a${i}="1"`)(sizeBytes / 2)}/>`),
    decode,
  ),
  growth(
    'an element with many attributes',
    (sizeBytes) => event(`<b${numbered((i) => ` a${i}="1"`)(sizeBytes)}/>`),
    decode,
  ),
  growth('elements of one name', (sizeBytes) => event(over('<a/>')(sizeBytes)), decode),
  growth('values of one name', (sizeBytes) => event('', over('<Data Name="a">x</Data>')(sizeBytes)), decode),
  growth('tags that are not closed', over('<a ', '<Event>'), decode),
  growth(
    'character references',
    (sizeBytes) => event('', over('&#1', '<Data Name="a">', '</Data>')(sizeBytes)),
    decode,
  ),
  growth('comments', (sizeBytes) => event('', over('<!---->')(sizeBytes)), decode),
  growth(
    'sections that are not closed',
    (sizeBytes) => event('', over('<![CDATA[', '<Data>', '</Data>')(sizeBytes)),
    decode,
  ),
  growth('brackets that are not closed', over('[', '{"EventId":1,"x":'), decode),
  growth('what looks like EventID 1', over('"EventId" '), firstPass),
  growth('elements that look like EventID 1', over('<EventID '), firstPass),
];
