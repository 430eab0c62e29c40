/** The command `sysmon-lake`: its subcommands, their options and their help. */
import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import { RESULT_FORMATS } from './print.ts';
import type { ResultFormat } from './print.ts';
import { runQueryCommand } from './query.ts';
import { START_DAY } from '../catalog/projection.ts';
import { LAYOUTS } from '../lake/layout.ts';
import { check } from './check.ts';
import { ddl, ddlText } from './ddl.ts';
import type { DdlOptions } from './ddl.ts';
import { demo } from './demo.ts';
import { explain } from './explain.ts';
import { EXIT_IO, EXIT_USAGE, OutputError, describeFailure } from './failure.ts';
import { map } from './map.ts';
import { outputTo } from './output.ts';
import { packagePath } from './package-folder.ts';
import type { Output } from './output.ts';
import { formatOption, mappingOption, positive, quarantineOption, workerCount } from './options.ts';
import type { InputOptions } from './options.ts';
import { plural } from './printable.ts';
import { logLine, report, reportQuarantine } from './report.ts';
import { addRegistrationCommands } from './registration-commands.ts';
import { send, sentLine } from './send.ts';
import { summaryTables } from './summary.ts';
import { test } from './test.ts';
import { summaryJson, transform } from './transform.ts';

const EXIT_CODES = `
Exit codes: 0 success; 1 something could not be read or written; 2 wrong use; 3 the run finished and records are in
quarantine (0 with --allow-quarantine); 130 interrupted by ^C.
`;

const INPUT = 'files or folders of events (also .evtx, .gz, .zst, .zip), or - for standard input';

/** The version in package.json, which is part of the package. */
function packageVersion(): string {
  const text = readFileSync(packagePath('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // true: npm refuses a package without it
}

function program({ print, write }: Output, exit: (code: number) => void): Command {
  const root = new Command('sysmon-lake')
    .description('Windows Sysmon events as OCSF Parquet: a lake for Amazon Security Lake, or in a folder.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: (text) => logLine(text.replace(/^error: /, '')) })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  sysmon-lake demo                                       run the full pipeline on the bundled examples
  sysmon-lake transform logs/ --out lake                 a folder of logs to a lake
  sysmon-lake query lake "SELECT * FROM sysmon_join"     connections with the process that made them
  sysmon-lake explain logs/host1.ndjson.gz               how each field is mapped, and why
`,
    );

  root
    .command('transform')
    .description('write events as Parquet in a lake, and print a summary')
    .argument('<input...>', INPUT)
    .requiredOption('--out <dir>', 'folder of the lake, or s3://bucket/prefix')
    .addOption(mappingOption())
    .addOption(formatOption())
    .option('--region <region>', 'region of the partition', 'local')
    .option('--account-id <id>', 'account of the partition', 'external')
    .option('--source-name <name>', "name of the custom source (default: the mapping file's source_name)")
    .option(
      '--process-table <name>',
      'process table in DynamoDB; with s3:// (default: a temporary local one)',
    )
    .option(
      '--kms-key-arn <arn>',
      'KMS key of the objects; with s3:// (default: the encryption of the bucket)',
    )
    .option(
      '--workers <n>',
      'threads that map and write (default: one per core, at most 8; 1 for small inputs)',
      workerCount,
    )
    .option('--json', 'print the summary as one JSON object')
    .addOption(quarantineOption())
    .addHelpText(
      'after',
      `
Writes DIR/ext/<source>/<class>/region=…/accountId=…/eventDay=…/*.parquet, DIR/quarantine/ for what cannot be read
or mapped, and DIR/process-table.sqlite. The same input again writes the same objects, with any number of workers.

With s3://bucket/prefix the same objects are written to the bucket below the prefix, with the settings of the AWS SDK
(AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3, …). Processes are then kept after the run only in the table that
--process-table names.
${EXIT_CODES}
Examples:
  sysmon-lake transform host1.ndjson.gz host2.xml --out lake
  wevtutil qe Microsoft-Windows-Sysmon/Operational /f:xml | sysmon-lake transform - --out lake
  sysmon-lake transform lake/quarantine --format quarantine --out lake     try the quarantine again
  sysmon-lake transform logs/ --out s3://my-lake --region eu-central-1 --account-id 123456789012
`,
    )
    .action(
      async (
        inputs: string[],
        options: InputOptions & {
          out: string;
          region: string;
          accountId: string;
          sourceName?: string;
          processTable?: string;
          kmsKeyArn?: string;
          workers?: number;
          json?: true;
        },
      ) => {
        const result = await transform(inputs, { ...options, progress: options.json !== true });
        print(
          options.json
            ? `${JSON.stringify(summaryJson(result.counts))}\n`
            : summaryTables(result.counts, options.out),
        );
        const code = report(result);
        const quarantine = `${options.out.replace(/\/+$/, '')}/quarantine`;
        exit(reportQuarantine(result.counts, options, code, quarantine));
      },
    );

  root
    .command('send')
    .description('put events into a Kinesis stream, as the agent on a Windows host does')
    .argument('<input...>', INPUT)
    .requiredOption('--stream <name>', 'name of the stream')
    .option('--rate <n>', 'maximum events per second (default: as many as the stream takes)', positive)
    .option('--region <region>', "region of the stream (default: the AWS SDK's)")
    .addHelpText(
      'after',
      `
Each event is sent as one record, byte for byte, with a random partition key. Events are not decoded here: what cannot
be read goes to quarantine behind the stream. Records that the stream rejects are sent again; a record above 1 MiB is
left out, and the exit code is 1. Credentials are those that the AWS SDK finds.

Examples:
  sysmon-lake send events/intrusion.* --stream sysmon          the bundled examples
  sysmon-lake send logs/ --stream sysmon --rate 2000           a load of 2,000 events per second
`,
    )
    .action(async (inputs: string[], options: { stream: string; rate?: number; region?: string }) => {
      const outcome = await send(inputs, { ...options, progress: true });
      print(sentLine(outcome.sent, options.stream));
      exit(report(outcome));
    });

  root
    .command('map')
    .description('print the OCSF records as NDJSON; nothing is written')
    .argument('<input...>', INPUT)
    .addOption(mappingOption())
    .addOption(formatOption())
    .addOption(quarantineOption())
    // Accepted so that a command line of transform works; no record holds these values.
    .addOption(new Option('--region <region>').hideHelp())
    .addOption(new Option('--account-id <id>').hideHelp())
    .addOption(new Option('--source-name <name>').hideHelp())
    .addHelpText(
      'after',
      `${EXIT_CODES}\nExample:\n  sysmon-lake map host1.ndjson.gz | head -1 | python3 -m json.tool\n`,
    )
    .action(async (inputs: string[], options: InputOptions) => {
      const result = await map(inputs, options, { write });
      const code = report(result);
      exit(reportQuarantine(result.counts, options, code));
    });

  root
    .command('query')
    .description('run SQL over a lake: a view for each class, and the views and hunts of queries/')
    .argument('[dir]', 'folder of the lake')
    .argument('[sql]', 'one statement of DuckDB SQL')
    .option('--file <file>', 'a file of SQL, or a name that --list shows, instead of the statement')
    .option('--list', 'show the bundled views and hunts, with their ATT&CK techniques')
    .addOption(
      new Option('--format <format>', 'output format of the rows').choices(RESULT_FORMATS).default('table'),
    )
    .addHelpText(
      'after',
      `
Examples:
  sysmon-lake query lake "SELECT process.cmd_line FROM process_activity WHERE activity_id = 1"
  sysmon-lake query lake "SELECT unmapped['join'], count(*) FROM network_activity GROUP BY 1" --format json
  sysmon-lake query --list                                     the bundled views and hunts
  sysmon-lake query lake --file lsass_access                   a hunt
  sysmon-lake query lake --file my-hunt.sql --format csv
`,
    )
    .action(
      async (
        dir: string | undefined,
        sql: string | undefined,
        options: { file?: string; list?: true; format: ResultFormat },
      ) => {
        print(await runQueryCommand(dir, sql, options));
      },
    );

  root
    .command('check')
    .description('list the problems of a mapping file; exit code 1 if there is an error')
    .argument('[file]', 'mapping file (default: the bundled OCSFmapping.json)')
    .option('--json', 'print the problems as a JSON array')
    .addHelpText('after', '\nExample:\n  sysmon-lake check my-mapping.json\n')
    .action(async (file: string | undefined, options: { json?: true }) => {
      const { text, errors } = await check(file, options.json === true);
      print(text);
      exit(errors > 0 ? EXIT_IO : 0);
    });

  root
    .command('ddl')
    .description('print the statements that create the tables of a lake in Athena')
    .argument('[mapping]', 'mapping file (default: the bundled OCSFmapping.json)')
    .requiredOption('--location <s3-url>', 'location of the source, as s3://BUCKET/ext/SOURCE')
    .requiredOption('--region <regions>', 'regions of the partitions, separated by commas')
    .requiredOption('--account-id <ids>', 'accounts of the partitions, separated by commas')
    .option('--database <name>', 'database of the tables', 'sysmon_lake')
    .addOption(
      new Option('--layout <layout>', 'one source with a folder per class, or one source per class')
        .choices(LAYOUTS)
        .default('per-schema'),
    )
    .option('--start-day <YYYYMMDD>', 'first day of the partitions; older days are not queried', START_DAY)
    .option('--json', 'print the statements as a JSON array: Athena takes one at a time')
    .addHelpText(
      'after',
      `
The tables are those of tables.yaml, the CloudFormation template. Partitions are projected, so a new day can be queried
at once.

Examples:
  sysmon-lake ddl --location s3://my-lake/ext/windows-sysmon --region eu-central-1 --account-id 123456789012
  sysmon-lake ddl OCSFmapping.native.json --location s3://my-lake/ext/windows-sysmon \\
    --region eu-central-1,us-east-1 --account-id 123456789012,external --json | jq -r '.[1]'
`,
    )
    .action(async (mapping: string | undefined, options: DdlOptions & { json?: true }) => {
      const statements = await ddl(mapping, options);
      print(options.json ? `${JSON.stringify(statements, null, 2)}\n` : ddlText(statements));
    });

  root
    .command('test')
    .description('run the golden pairs of a mapping file; exit code 1 if a record differs')
    .argument('[file]', 'mapping file (default: the bundled OCSFmapping.json)')
    .option('--pairs <dir>', 'folder of the pairs (default: tests/golden/NAME/ beside NAME.json)')
    .option('--update', 'write the current records, for review')
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
A pair is <name>.events.ndjson, one or more events as an agent sends them, and <name>.records.json, the list of the
records that they give. Events that several mappings share are in the folder events/ beside the folder of the pairs.

Examples:
  sysmon-lake test my-mapping.json
  sysmon-lake test my-mapping.json --update      then review the changes with git diff
`,
    )
    .action(async (file: string | undefined, options: { pairs?: string; update?: true; json?: true }) => {
      const result = await test(file, { ...options, paint: (colour, text) => styleText(colour, text) });
      await write(result.text);
      exit(result.exitCode);
    });

  root
    .command('explain')
    .description('show how each field is mapped, what is joined, and whether the record is valid OCSF')
    .argument('<input...>', INPUT)
    .addOption(mappingOption())
    .addOption(formatOption())
    .addOption(quarantineOption())
    .option('--limit <n>', 'number of records', positive, 3)
    .addHelpText(
      'after',
      `${EXIT_CODES}\nExample:\n  sysmon-lake explain events/intrusion.kinesis-agent.ndjson --limit 1\n`,
    )
    .action(async (inputs: string[], options: InputOptions & { limit: number }) => {
      const result = await explain(inputs, options, print);
      if (result.explained < result.received)
        logLine(`${plural(result.received - result.explained, 'more record')}; see --limit`);
      const code = report(result);
      exit(reportQuarantine(result.counts, options, code));
    });

  root
    .command('demo')
    .description('run the full pipeline on the bundled examples, and query the lake')
    .option('--out <dir>', 'folder of the lake', 'lake')
    .addHelpText('after', '\nExample:\n  sysmon-lake demo\n')
    .action(async (options: { out: string }) => exit(report(await demo(options.out, print))));

  addRegistrationCommands(root, { print, write }, exit, report);
  return root;
}

/**
 * Runs the command. Gives the exit code: 0; 1 for I/O; 2 for wrong use or an unusable mapping; 3 if the run finished and
 * records are in quarantine; 130 after ^C.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  try {
    const output = outputTo(process.stdout);
    await program(output, (code) => (exitCode = code)).parseAsync(argv);
    await output.write(''); // whatever was printed is written, or cannot be
    return exitCode;
  } catch (error) {
    if (error instanceof OutputError && error.isClosed) return 0;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    const { line, exitCode: code } = describeFailure(error);
    logLine(line);
    return code;
  }
}
