/** `sysmon-lake register`, `status` and `unregister` as a person runs them, with a local account. */
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, isWrite, startLakeAccount, type LakeAccount } from '../servers/lake-account.ts';
import { BUCKET } from '../servers/securitylake.ts';
import { AWS, NO_AWS } from './aws-environment.ts';
import { build, ended, ROOT, run, start } from './command.ts';
import type { Ended } from './command.ts';

beforeAll(build);

let account: LakeAccount;
beforeEach(async () => {
  account = await startLakeAccount();
});
afterEach(() => account.close());

const GLUE_ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/windows-sysmon-glue`;
const OPTIONS = ['--glue-role', GLUE_ROLE, '--external-id', 'an-external-id'];
const PROVIDER_ROLE = `arn:aws:iam::${ACCOUNT}:role/AmazonSecurityLake-Provider-windows-sysmon-eu-central-1`;

const env = (): Readonly<Record<string, string>> => ({ ...AWS, AWS_ENDPOINT_URL: account.endpoint });
const sysmonLake = (...args: string[]): Promise<Ended> => run(args, { env: env() });
const register = (...args: string[]): Promise<Ended> => sysmonLake('register', ...OPTIONS, ...args);
const stateOf = ({ lake, memory }: LakeAccount): unknown => [[...lake.sources], [...memory!.crawlers]];

describe('register', () => {
  it('tells each call, what there is then, and what sam deploy has to be told', async () => {
    const { code, stdout, stderr } = await register();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'securitylake CreateCustomLogSource windows-sysmon',
        'glue UpdateCrawler windows-sysmon',
        '1 custom source; 2 calls made',
        '',
        `windows-sysmon  s3://${BUCKET}/ext/windows-sysmon/`,
        `  provider role  ${PROVIDER_ROLE}`,
        `  crawler        arn:aws:glue:eu-central-1:${ACCOUNT}:crawler/windows-sysmon`,
        '',
        'The stack:',
        '',
        '  sam deploy --parameter-overrides \\',
        `    ASLCustomLogSourceLocation=${BUCKET}/ext/windows-sysmon \\`,
        '    LakeLayout=per-schema \\',
        `    LakeProviderRoleARN=${PROVIDER_ROLE} \\`,
        '    LakeProviderExternalId=an-external-id \\',
        '    MappingFile=OCSFmapping.json',
        '',
      ].join('\n'),
    );
    const again = await register();
    expect(again.code).toBe(0);
    expect(again.stdout.split('\n')[0]).toBe('1 custom source as wanted; nothing to do');
  });

  it('prints with --dry-run the input of each call as JSON, and changes nothing', async () => {
    const { code, stdout } = await register('--dry-run');
    expect(code).toBe(0);
    expect(account.requests.filter(isWrite)).toEqual([]);
    const [, create, update] =
      /^securitylake CreateCustomLogSource\n(\{.*?^\})\nglue UpdateCrawler\n(\{.*?^\})\n/ms.exec(stdout)!;
    expect(JSON.parse(create!)).toMatchObject({
      sourceName: 'windows-sysmon',
      configuration: { providerIdentity: { externalId: 'an-external-id', principal: ACCOUNT } },
    });
    expect(JSON.parse(update!)).toMatchObject({ Name: 'windows-sysmon', Schedule: 'cron(0 0 1 * ? *)' });
    expect(stdout).toContain('1 custom source; 2 calls would be made, none was\n');
    expect(stdout).toContain('The stack, as far as can be told before the sources are there:\n');
  });

  it('registers a source for each class of another mapping, and prints one JSON object with --json', async () => {
    const mapping = path.join(ROOT, 'OCSFmapping.native.json');
    const { code, stdout } = await register(mapping, '--layout', 'per-source', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as {
      sources: { source_name: string; exists: boolean; calls: unknown[] }[];
      parameter_overrides: Record<string, string>;
      problems: string[];
    };
    expect(result.problems).toEqual([]);
    expect(result.sources).toHaveLength(12);
    expect(result.sources.every(({ exists, calls }) => exists && calls.length === 2)).toBe(true);
    expect([...account.lake.sources.keys()]).toEqual(result.sources.map((one) => one.source_name));
    expect(result.parameter_overrides).toEqual({
      ASLCustomLogSourceLocation: `${BUCKET}/ext/windows-sysmon`,
      LakeLayout: 'per-source',
      MappingFile: 'OCSFmapping.native.json',
    });
  });

  it.each([
    [
      'a name above 20 characters',
      ['--source-name', 'windows-sysmon-europe'],
      /Security Lake takes 20 characters, these are 21; use a shorter name$/,
    ],
    [
      'a role that is no ARN',
      ['--glue-role', 'glue'],
      /^sysmon-lake: --glue-role "glue": use the ARN of a role/,
    ],
    ['a layout that is none', ['--layout', 'x'], /Allowed choices are per-schema, per-source\.$/],
  ])('refuses %s before any call', async (_, args, message) => {
    const { code, stderr } = await register(...args);
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(message);
    expect(stderr.trim()).not.toContain('\n');
    expect(account.requests).toEqual([]);
  });

  it('asks for what it cannot guess', async () => {
    const { code, stderr } = await sysmonLake('register');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("required option '--glue-role <arn>' not specified"),
    ]);
  });

  it('says in one line which permission is missing', async () => {
    account.fail(({ operation }) =>
      operation === 'UpdateCrawler' ? { status: 403, code: 'AccessDeniedException' } : undefined,
    );
    const { code, stdout, stderr } = await register();
    expect(code).toBe(1);
    expect(stdout).toContain('securitylake CreateCustomLogSource windows-sysmon\n');
    expect(stderr).toBe(
      'sysmon-lake: glue:UpdateCrawler: access is denied; allow glue:UpdateCrawler and iam:PassRole on the Glue role ' +
        '(AccessDeniedException: injected)\n',
    );
  });

  it('tells what it could not finish, and ends with 1', async () => {
    account.fail(({ operation }) =>
      operation === 'UpdateCrawler' ? { status: 400, code: 'CrawlerRunningException' } : undefined,
    );
    const { code, stderr } = await register();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^sysmon-lake: crawler windows-sysmon is running, and cannot be changed meanwhile; .*\n$/,
    );
  });

  it('says that there are no credentials', async () => {
    const { code, stderr } = await run(['register', ...OPTIONS], {
      env: { ...NO_AWS, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^sysmon-lake: no AWS credentials were found; .*\n$/),
    ]);
  });

  // tests/register cuts at every call; here a process dies, where it has just changed something and in between.
  it('killed as it changes something is finished by the next run', async () => {
    await register();
    const whole = stateOf(account);
    const first = account.requests.findIndex(isWrite) + 1;
    expect(account.requests.slice(first - 1, first + 2).map(({ operation }) => operation)).toEqual([
      'CreateCustomLogSource',
      'GetCrawler',
      'UpdateCrawler',
    ]);
    for (const k of [first, first + 1, first + 2]) {
      const other = await startLakeAccount();
      try {
        const environment = { ...env(), AWS_ENDPOINT_URL: other.endpoint };
        const child = start(['register', ...OPTIONS], { env: environment });
        let n = 0;
        // The call has its effect, and nobody hears the answer.
        other.fail(() => {
          if (++n !== k) return undefined;
          child.kill('SIGKILL');
          return 'drop-after';
        });
        expect((await ended(child)).code).toBeNull();
        expect((await run(['register', ...OPTIONS], { env: environment })).code).toBe(0);
        expect({ k, state: stateOf(other) }).toEqual({ k, state: whole });
      } finally {
        await other.close();
      }
    }
  });
});

describe('status', () => {
  it('ends with 1 before register and with 0 after it', async () => {
    const before = await sysmonLake('status');
    expect([before.code, before.stdout]).toEqual([
      1,
      expect.stringContaining(
        'source windows-sysmon: missing: `sysmon-lake register` makes it\nnot in order\n',
      ),
    ]);
    await register();
    const after = await sysmonLake('status', ...OPTIONS);
    expect(after.stdout).toMatch(/\nin order\n$/);
    expect(after.stdout).toMatch(/source +│ windows-sysmon +│ in order +│/);
    expect([after.code, after.stderr]).toEqual([0, '']);
  });

  it('prints one JSON object with --json', async () => {
    await register();
    account.memory!.crawlers.delete('windows-sysmon');
    const { code, stdout } = await sysmonLake('status', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      account: ACCOUNT,
      region: 'eu-central-1',
      in_order: false,
      rows: expect.arrayContaining([
        {
          what: 'crawler',
          name: 'windows-sysmon',
          state: 'missing',
          detail: '`sysmon-lake register` makes it',
        },
      ]),
    });
  });
});

describe('unregister', () => {
  it('deletes only with --yes, and has nothing to do then', async () => {
    await register();
    const asked = await sysmonLake('unregister');
    expect([asked.code, asked.stdout]).toEqual([
      0,
      'securitylake DeleteCustomLogSource windows-sysmon\nglue DeleteCrawler windows-sysmon\n' +
        '2 calls would be made, none was; --yes makes them. The data and the tables stay\n',
    ]);
    expect(account.lake.sources.size).toBe(1);
    const done = await sysmonLake('unregister', '--yes');
    expect([done.code, done.stdout.split('\n').at(-2)]).toEqual([
      0,
      '2 calls made; the data and the tables stay',
    ]);
    expect([account.lake.sources.size, account.memory!.crawlers.size]).toEqual([0, 0]);
    const again = await sysmonLake('unregister', '--yes');
    expect([again.code, again.stdout]).toEqual([0, 'nothing is there; nothing to do\n']);
  });
});
