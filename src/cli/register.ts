/** `sysmon-lake register`: the custom sources of a mapping in Security Lake, and their crawlers. */
import { basename } from 'node:path';
import { deployParameters } from '../register/deploy-parameters.ts';
import { register as registerSources } from '../register/register.ts';
import type { Registered } from '../register/register.ts';
import type { Step } from '../register/services.ts';
import type { WantedSources } from '../register/wanted.ts';
import { UsageError } from './failure.ts';
import { plural } from './printable.ts';
import { providerOf, readWanted, withServices } from './registration.ts';
import type { SourceOptions } from './registration.ts';

export interface RegisterOptions extends SourceOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export interface RegisterOutcome {
  readonly notes: string[];
  readonly failures: readonly Error[];
}

/**
 * Registers, printing each call as it is made, and the values for `sam deploy` at the end.
 * @throws UsageError, InputError, AwsSessionError, CallError, ForeignSourceError, NotReadyError
 */
export async function register(
  mappingPath: string | undefined,
  options: RegisterOptions,
  print: (text: string) => void,
): Promise<RegisterOutcome> {
  const { region, dryRun = false, json = false, sourceVersion, tablePrefix } = options;
  const provider = providerOf(options);
  if (provider === undefined) throw new UsageError('register needs --glue-role and --external-id');
  const wanted = await readWanted(mappingPath, options);
  const registered = await withServices(region, (services) =>
    registerSources(
      {
        wanted,
        provider,
        dryRun,
        ...(sourceVersion !== undefined && { sourceVersion }),
        ...(tablePrefix !== undefined && { tablePrefix }),
        ...(!json && { onStep: (step: Step) => print(dryRun ? callText(step) : callLine(step)) }),
      },
      services,
    ),
  );
  const parameters = deployParameters({
    layout: wanted.layout,
    baseName: wanted.baseName,
    sources: registered.sources.map(({ source }) => source),
    externalId: provider.externalId,
    mappingFile: basename(mappingPath ?? 'OCSFmapping.json'),
  });
  print(
    json ? jsonText(registered, wanted, parameters, dryRun) : endText(registered, wanted, parameters, dryRun),
  );
  const notes = wanted.unlisted.map(
    (schema) => `${schema} is not among Security Lake's event classes; it is written, and not told to it`,
  );
  return { notes: json ? [] : notes, failures: registered.failures };
}

/** A call as it is made. */
export function callLine({ service, operation, input }: Step): string {
  return `${service} ${operation} ${'Name' in input ? input.Name : input.sourceName}\n`;
}

/** A call with its whole input, as it would be sent. */
export const callText = ({ service, operation, input }: Step): string =>
  `${service} ${operation}\n${JSON.stringify(input, null, 2)}\n`;

type Parameters = Readonly<Record<string, string>>;

function endText(
  { sources }: Registered,
  wanted: WantedSources,
  parameters: Parameters,
  dryRun: boolean,
): string {
  const calls = sources.reduce((sum, { steps }) => sum + steps.length, 0);
  const n = plural(wanted.sources.length, 'custom source');
  const end =
    calls === 0
      ? `${n} as wanted; nothing to do`
      : dryRun
        ? `${n}; ${plural(calls, 'call')} would be made, none was`
        : `${n}; ${plural(calls, 'call')} made`;
  const isGuess = sources.some(({ isThere }) => !isThere);
  const lines = [
    end,
    '',
    ...sources.flatMap(({ sourceName, source }) => [
      `${sourceName}  ${source.location ?? ''}`,
      `  provider role  ${source.providerRoleArn ?? ''}`,
      `  crawler        ${source.crawlerArn ?? ''}`,
    ]),
    '',
    `The stack${isGuess ? ', as far as can be told before the sources are there' : ''}:`,
    '',
    '  sam deploy --parameter-overrides \\',
    Object.entries(parameters)
      .map(([name, value]) => `    ${name}=${value}`)
      .join(' \\\n'),
  ];
  return `${lines.join('\n')}\n`;
}

function jsonText(
  { caller, principal, sources, failures }: Registered,
  { layout, unlisted }: WantedSources,
  parameters: Parameters,
  dryRun: boolean,
): string {
  return `${JSON.stringify({
    dry_run: dryRun,
    account: caller.account,
    region: caller.region,
    layout,
    provider_principal: principal,
    sources: sources.map(({ sourceName, source, isThere, steps }) => ({
      source_name: sourceName,
      exists: isThere,
      location: source.location,
      provider_role_arn: source.providerRoleArn,
      crawler_arn: source.crawlerArn,
      calls: steps,
    })),
    classes_not_listed: unlisted,
    parameter_overrides: parameters,
    problems: failures.map(({ message }) => message),
  })}\n`;
}
