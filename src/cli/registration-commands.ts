/** The subcommands that speak to Security Lake: their options and their help. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { LAYOUTS } from '../lake/layout.ts';
import { EXIT_IO } from './failure.ts';
import type { Output } from './output.ts';
import { register } from './register.ts';
import type { RegisterOptions } from './register.ts';
import type { SourceOptions } from './registration.ts';
import { status } from './status.ts';
import { unregister } from './unregister.ts';

/** Prints notes and failures, and gives the exit code. */
type Report = (outcome: { readonly notes: readonly string[]; readonly failures: readonly Error[] }) => number;

const MAPPING = 'mapping file (default: the bundled OCSFmapping.json)';

/** The options that say which sources, and where. */
function sourceOptions(command: Command): Command {
  return command
    .argument('[mapping]', MAPPING)
    .option('--source-name <name>', "name of the custom source (default: the mapping file's source_name)")
    .addOption(
      new Option('--layout <layout>', 'one source with a folder per class, or one source per class')
        .choices(LAYOUTS)
        .default('per-schema'),
    )
    .option('--region <region>', "region of the lake (default: the AWS SDK's)");
}

/** Adds register, status and unregister to the command. */
export function addRegistrationCommands(
  root: Command,
  { print }: Output,
  exit: (code: number) => void,
  report: Report,
): void {
  sourceOptions(root.command('register'))
    .description(
      'make the custom source in Security Lake and set its crawler; again, it changes what differs',
    )
    .requiredOption('--glue-role <arn>', 'role of the crawler: CustomSourceGlueRoleARN of its stack')
    .requiredOption('--external-id <id>', 'any value; who writes as the provider role has to know it')
    .option('--provider-principal <account>', 'account that may write (default: that of the credentials)')
    .option('--source-version <version>', 'version of the source (default: none)')
    .option('--table-prefix <prefix>', "begin of the tables' names (default: the source's table and _)")
    .option('--dry-run', 'print each call that would change something; reads alone are made')
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
Looks first, makes what is missing and changes what differs, so it may be run at any time; a run that was cut is
finished by the next one. Ends with the values for \`sam deploy\`. Run it with the credentials of the delegated
administrator of Security Lake; docs/register.md has the permissions.

Examples:
  sysmon-lake register --glue-role arn:aws:iam::123456789012:role/service-role/glue --external-id 4f3a… --dry-run
  sysmon-lake register OCSFmapping.native.json --layout per-source --glue-role … --external-id …
`,
    )
    .action(async (mapping: string | undefined, options: RegisterOptions) =>
      exit(report(await register(mapping, options, print))),
    );

  sourceOptions(root.command('status'))
    .description('show what is there of a registration, and what differs; exit code 1 where something does')
    .option('--glue-role <arn>', 'with --external-id: also whether the sources are of this role and id')
    .option('--external-id <id>', 'as register had it')
    .option('--provider-principal <account>', 'as register had it')
    .option('--source-version <version>', 'as register had it')
    .option('--table-prefix <prefix>', 'as register had it')
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  sysmon-lake status OCSFmapping.native.json --layout per-source\n')
    .action(async (mapping: string | undefined, options: SourceOptions & { json?: true }) => {
      const { text, isInOrder } = await status(mapping, options, options.json === true);
      print(text);
      exit(isInOrder ? 0 : EXIT_IO);
    });

  sourceOptions(root.command('unregister'))
    .description('delete the custom source and its crawler; the data and the tables stay')
    .option('--glue-role <arn>', 'as register had it; needed where register did not come to its end')
    .option('--yes', 'delete; without it, what would be deleted is printed')
    .addHelpText('after', '\nExample:\n  sysmon-lake unregister --yes\n')
    .action(async (mapping: string | undefined, options: SourceOptions & { yes?: true }) =>
      exit(report(await unregister(mapping, options, print))),
    );
}
