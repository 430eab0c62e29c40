/** `sysmon-lake unregister`: takes away what `register` made; data and tables stay. */
import { unregister as unregisterSources } from '../register/unregister.ts';
import { plural } from './printable.ts';
import { callLine } from './register.ts';
import { readWanted, withServices } from './registration.ts';
import type { SourceOptions } from './registration.ts';

export interface UnregisterOutcome {
  readonly notes: readonly string[];
  readonly failures: readonly Error[];
}

/**
 * Deletes with `yes`; without it, prints what would be deleted.
 * @throws UsageError, InputError, AwsSessionError, CallError, ForeignSourceError
 */
export async function unregister(
  mappingPath: string | undefined,
  options: SourceOptions & { readonly yes?: boolean },
  print: (text: string) => void,
): Promise<UnregisterOutcome> {
  const { region, glueRole, yes = false } = options;
  const wanted = await readWanted(mappingPath, options);
  const { steps, failures } = await withServices(region, (services) =>
    unregisterSources(
      {
        wanted,
        dryRun: !yes,
        onStep: (step) => print(callLine(step)),
        ...(glueRole !== undefined && { glueRoleArn: glueRole }),
      },
      services,
    ),
  );
  const calls = plural(steps.length, 'call');
  if (steps.length === 0 && failures.length === 0) print('nothing is there; nothing to do\n');
  else if (yes) print(`${calls} made; the data and the tables stay\n`);
  else print(`${calls} would be made, none was; --yes makes them. The data and the tables stay\n`);
  return { notes: [], failures };
}
