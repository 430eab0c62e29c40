/** XML that declares what no event declares. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { bytesOf, eventXml, lakeOf } from './world.ts';

const FIELDS = { UtcTime: '2026-01-02 03:04:05.678', Note: 'the note' };
const EVENT = eventXml(5, 1, FIELDS);
const withNote = (content: string): string => EVENT.replace('the note', () => content);

const LAUGHS = [
  '<!DOCTYPE Event [<!ENTITY a0 "ha">',
  ...Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "&a${i};&a${i};">`),
  ']>',
].join('');

describe('a document type', () => {
  it.each([
    ['a billion laughs', `<?xml version="1.0"?>${LAUGHS}${withNote('&a30;')}`],
    [
      'a quadratic blowup',
      `<!DOCTYPE Event [<!ENTITY a "${'a'.repeat(50_000)}">]>${withNote('&a;'.repeat(50_000))}`,
    ],
    ['a file', `<!DOCTYPE Event [<!ENTITY a SYSTEM "file:///etc/passwd">]>${withNote('&a;')}`],
    ['a parameter entity', '<!DOCTYPE Event [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>' + EVENT],
    ['an external subset', `<!DOCTYPE Event SYSTEM "file:///etc/passwd">${EVENT}`],
    ['other letter case', `<!doctype Event [<!entity a "b">]>${withNote('&a;')}`],
    ['an entity inside', withNote('<!ENTITY a "b">&a;')],
    ['a place behind a comment', `<!-- --><!DOCTYPE Event [<!ENTITY a "b">]>${withNote('&a;')}`],
  ])('with %s is refused, and the bytes are in quarantine', async (_name, text) => {
    const { counts, quarantined } = await lakeOf([text]);
    expect(counts).toMatchObject({ written: 0, byReason: { not_xml: 1 } });
    expect(Buffer.from(quarantined[0]!.bytes).equals(bytesOf(text))).toBe(true);
  });

  it('in UTF-16 is no XML here', async () => {
    const { counts } = await lakeOf([
      Buffer.from(`\ufeff${LAUGHS}${withNote('&a30;')}`, 'utf16le'),
      Buffer.from(`${LAUGHS}${withNote('&a30;')}`, 'utf16le'),
    ]);
    expect(counts).toMatchObject({ written: 0, quarantined: 2 });
  });

  it('is not fetched', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests++;
      response.end('<!ENTITY a "fetched">');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address!.port : ''}/x.dtd`;
    await lakeOf([
      `<!DOCTYPE Event SYSTEM "${url}">${EVENT}`,
      `<!DOCTYPE Event [<!ENTITY a SYSTEM "${url}">]>${withNote('&a;')}`,
      `<?xml-stylesheet href="${url}"?>${EVENT}`,
      EVENT.replace(
        '<System>',
        `<System xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="${url}"/>`,
      ),
      EVENT.replace('<Event ', `<Event xsi:schemaLocation="x ${url}" `),
    ]);
    expect(requests).toBe(0);
    server.close();
    await once(server, 'close');
  });
});

describe('a document without one', () => {
  it('expands the entities of XML itself, however many, and nothing that nobody declared', async () => {
    const records = [
      withNote('&quot;'.repeat(20_000)),
      withNote('&amp;lt;&amp;amp;lt;'),
      withNote('&a30;&undeclared;'),
    ];
    const { counts, query } = await lakeOf(records);
    expect(counts.written).toBe(3);
    const rows = await query("SELECT unmapped['Note'] AS note FROM process_activity ORDER BY len(note)");
    const notes = rows.map(({ note }) => note);
    expect(notes.slice(0, 2)).toEqual(['&lt;&amp;lt;', '&a30;&undeclared;']);
    expect(notes[2] === '"'.repeat(20_000)).toBe(true);
  });

  it.each([
    ['elements', '<a>'.repeat(100_000)],
    ['closed elements', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
    ['angle brackets', '<'.repeat(500_000)],
    ['ampersands', '&'.repeat(500_000)],
    ['comments', '<!--'.repeat(100_000)],
    ['attributes', `<a ${'b="c" '.repeat(100_000)}`],
    ['processing instructions', '<?x '.repeat(100_000)],
  ])('of nothing but %s ends in quarantine', async (_name, content) => {
    const { counts } = await lakeOf([withNote(content)]);
    expect(counts).toMatchObject({ written: 0, byReason: { not_xml: 1 } });
  });
});
