import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explain } from '../../src/cli/explain.ts';
import { eventLine, inFolder, ROOT, STORY } from './command.ts';

const AGENT = STORY[0]!;

/** What `explain` prints, one text for each record. */
async function explained(inputs: readonly string[], limit: number) {
  const texts: string[] = [];
  const options = { mapping: path.join(ROOT, 'OCSFmapping.json'), format: 'auto', limit } as const;
  const result = await explain(inputs, options, (text) => void texts.push(text));
  return { ...result, texts };
}

describe('explain', () => {
  it('explains so many records, and tells how many there are', async () => {
    const { texts, explained: told, received } = await explained(STORY, 5);
    expect([texts.length, told, received]).toEqual([5, 5, 73]);
    expect((await explained(STORY, 1000)).texts).toHaveLength(73);
  });

  it('shows the class, the attributes that each field became, what is unmapped, the join and the verdict', async () => {
    const { texts } = await explained([AGENT], 25);
    const connection = texts.find((text) => text.includes('EventID 3 ') && text.includes('joined: hit'))!;
    expect(connection).toMatch(
      /^EventID 3 NetworkConnect\w* ► network_activity \(class 4001 Network Activity\)$/m,
    );
    expect(connection).toMatch(
      /DestinationIp: 203\.0\.113\.50\n(?: {6}► .*\n)* {6}► dst_endpoint\.ip \(ip_t\) = "203\.0\.113\.50"/,
    );
    expect(connection).toMatch(/► time \(timestamp_t\) = \d{13}/);
    expect(connection).toMatch(/► unmapped\["/);
    expect(connection).toMatch(/^ {2}\$\.Process\.CommandLine\n {6}► actor\.process\.cmd_line .*powershell/m);
    expect(connection).toContain('✓ valid OCSF 1.1.0');
  });

  it('says of a connection that its process is not known, and of other events that nothing is joined', async () => {
    const { texts } = await explained([AGENT], 25);
    expect(texts.filter((text) => text.includes('joined: miss'))).toHaveLength(2);
    expect(texts.find((text) => text.includes('EventID 1 '))).toContain('not joined: ');
  });

  it('says why a record goes to quarantine, in its place', async () => {
    const { texts } = await explained([AGENT], 25);
    expect(texts[15]).toContain('record 15\n✗ goes to quarantine: not_json');
  });

  it('names nothing that is absent, and lets no value act on the terminal', () =>
    inFolder(async (folder) => {
      const file = path.join(folder, 'a.json');
      writeFileSync(
        file,
        eventLine({ LevelDisplayName: '' }, { Image: 'C:\\\u001b[31m\u202egpj.exe\nUser: root', User: '-' }),
      );
      const { texts } = await explained([file], 1);
      expect(texts[0]).not.toMatch(/LevelDisplayName|User: -/);
      expect(texts[0]).toContain('\\u001b[31m\\u202egpj.exe\\u000aUser: root');
      expect(texts[0]!.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    }));
});
