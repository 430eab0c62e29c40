/** What the process table keeps of a process: the part of its EventID 1 that the mapping reads. */
import { isAbsent, newFields } from '../sysmon/event.ts';
import type { SysmonEvent } from '../sysmon/event.ts';
import { eventProcessGuid } from '../sysmon/identity.ts';
import { isWellTyped } from '../sysmon/field-value.ts';
import { ownTexts } from '../sysmon/own-text.ts';
import type { ProcessContext } from './process-table.ts';

/** The EventID of "Process creation". */
const PROCESS_CREATION = 1;

/**
 * The context that an EventID 1 gives: of its fields those that are named, in the order of the names, and of
 * these those that say something. Undefined for any other event, where the ProcessGuid is missing, null or none at
 * all, so that nothing could ever join it, and where a value cannot be that of its name: whatever joined it would
 * repeat it.
 */
export function processContextOf(event: SysmonEvent, fields: readonly string[]): ProcessContext | undefined {
  if (event.EventId !== PROCESS_CREATION) return undefined;
  const guid = eventProcessGuid(event);
  if (guid === undefined || !isWellTyped(event.Description)) return undefined;
  const names = fields.filter((name) => !isAbsent(event.Description[name]));
  const [ownGuid = '', ...values] = ownTexts([guid, ...names.map((name) => event.Description[name] ?? '')]);
  const kept = newFields();
  names.forEach((name, i) => {
    kept[name] = values[i] ?? '';
  });
  return { guid: ownGuid, fields: kept };
}
