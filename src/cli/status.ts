/** `sysmon-lake status`: what there is of a registration, and what differs. */
import Table from 'cli-table3';
import { status as statusOf } from '../register/status.ts';
import type { Status } from '../register/status.ts';
import { providerOf, readWanted, withServices } from './registration.ts';
import type { SourceOptions } from './registration.ts';

/** @throws UsageError, InputError, AwsSessionError, CallError */
export async function status(
  mappingPath: string | undefined,
  options: SourceOptions,
  json: boolean,
): Promise<{ readonly text: string; readonly isInOrder: boolean }> {
  const { region, sourceVersion, tablePrefix } = options;
  const provider = providerOf(options);
  const wanted = await readWanted(mappingPath, options);
  const found = await withServices(region, (services) =>
    statusOf(
      {
        wanted,
        ...(provider !== undefined && { provider }),
        ...(sourceVersion !== undefined && { sourceVersion }),
        ...(tablePrefix !== undefined && { tablePrefix }),
      },
      services,
    ),
  );
  return { text: json ? jsonText(found) : tableText(found), isInOrder: found.isInOrder };
}

const PLAIN = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [], compact: true },
};

/** The table, and below it a line for each row that asks for something. */
function tableText({ rows, isInOrder }: Status): string {
  const table = new Table({ ...PLAIN, head: ['what', 'name', 'state', ''] });
  const isFine = (state: string): boolean => state === 'in order';
  for (const { what, name, state, detail } of rows)
    table.push([what, name, state, isFine(state) ? detail : '']);
  const lines = rows
    .filter(({ state }) => !isFine(state))
    .map(({ what, name, state, detail }) => `${what} ${name}: ${state}: ${detail}\n`);
  return `${table.toString()}\n${lines.join('')}${isInOrder ? 'in order' : 'not in order'}\n`;
}

const jsonText = ({ caller, rows, isInOrder }: Status): string =>
  `${JSON.stringify({ account: caller.account, region: caller.region, in_order: isInOrder, rows })}\n`;
