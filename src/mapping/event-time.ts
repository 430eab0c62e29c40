/** When an event happened. */
import { isAbsent } from '../sysmon/event.ts';
import { eventTimeOf } from '../sysmon/event-time.ts';
import { instantMs } from '../sysmon/instant.ts';
import { isEventTime } from '../sysmon/time.ts';
import { compileValue, fail, pathsOf } from './compile-context.ts';
import type { CompileContext } from './compile-context.ts';
import { compileAttribute } from './compile-node.ts';
import type { MappingFile } from './file.ts';
import type { Node } from './node.ts';
import { isOfProcess, readPath } from './path.ts';
import type { Scope } from './scope.ts';

/**
 * The event's time: as the mapping states it, else by its `timestamp`, else when the log wrote the event. A time
 * at which nothing can have happened is no time; its text stays in `unmapped`. It is of the event alone: with the process
 * that a join finds, or not, another try of a batch would have the event in the object of another day as well.
 */
export function eventTime(
  node: Node | undefined,
  { timestamp }: MappingFile,
  context: CompileContext,
): (scope: Scope) => number | undefined {
  const attribute = { type: 'timestamp_t', requirement: 'required' } as const;
  const stated =
    node === undefined || node.kind === 'nothing'
      ? undefined
      : compileValue('time', context, (place, own) => compileAttribute(node, attribute, 'time', place, own))
          .evaluate;
  if (node !== undefined && pathsOf(node).some(isOfProcess))
    fail(context, node, 'the time of an event cannot be read from $.Process');
  if (stated === undefined) {
    context.leaves.push({
      attribute: 'time',
      reads: [timestamp.ref],
      pointer: '/custom_source_events/timestamp',
    });
  }
  const byTimestamp = ({ event }: Scope): number | undefined => {
    const text = readPath(timestamp.ref, event, undefined);
    const own = isAbsent(text) ? undefined : (timestamp.parse(text) ?? instantMs(text));
    if (own !== undefined && isEventTime(own)) return own;
    const created = event.TimeCreated;
    const logged = isAbsent(created) ? undefined : instantMs(created);
    return logged !== undefined && isEventTime(logged) ? logged : undefined;
  };
  const evaluate = (scope: Scope): number | undefined => {
    const mark = scope.kept.length;
    const value = stated?.(scope);
    if (typeof value === 'number' && isEventTime(value)) return value;
    scope.kept.length = mark;
    if (value !== undefined) scope.failed.push('time');
    return byTimestamp(scope);
  };
  const readsEventTime = [timestamp.ref, ...(node === undefined ? [] : pathsOf(node))].some(
    ({ kind }) => kind === 'EventTime',
  );
  if (!readsEventTime) return evaluate;
  return (scope) => {
    const timeMs = evaluate(scope);
    const own = eventTimeOf(scope.event);
    // Whatever else the entry reads, a time that is another one is not from there.
    if (own !== undefined && own.timeMs === timeMs) scope.timeSource = own.source;
    return timeMs;
  };
}
