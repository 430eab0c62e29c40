/** Promise: nothing is written but where it belongs, and the deferred events and messages are what they should be. */
import { ACCOUNT_ID, LAKE_BUCKET, LOCATION, REGION, WORK_BUCKET } from './instance.ts';
import type { LakeRow } from './read-lake.ts';
import type { Aftermath } from './simulation.ts';

const LAKE_KEY = new RegExp(
  `^${LOCATION}/[a-z_]+/region=${REGION}/accountId=${ACCOUNT_ID}/eventDay=(\\d{8})/[A-Za-z0-9_-][A-Za-z0-9._-]*\\.zstd\\.parquet$`,
);
const WORK_KEY = /^(deferred|quarantine)\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.ndjson\.gz$/;

/** How far ahead of its own event the start of a process may lie, and the event still wait for it. */
const SKEW_SECONDS = 60;

export function checkPlaces(aftermath: Aftermath, rows: readonly LakeRow[]): string[] {
  const { services, product, plan } = aftermath;
  const { store, table, queue } = services;
  const broken: string[] = [];
  for (const { key } of store.objects(LAKE_BUCKET)) {
    if (!LAKE_KEY.test(key)) broken.push(`places: ${key} is not below the prefix`);
  }
  for (const { key } of store.objects(WORK_BUCKET)) {
    if (!WORK_KEY.test(key)) broken.push(`places: ${key} does not belong into the work bucket`);
  }
  for (const stranger of [...table.strangers, ...queue.strangers]) {
    broken.push(`places: ${stranger} is not this app's`);
  }
  for (const { object, timeMs, unit } of rows) {
    const day = new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');
    if (LAKE_KEY.exec(object.key)?.[1] !== day) broken.push(`places: event ${unit.id} is not under its day`);
  }

  const deferred = new Map(
    store
      .objects(WORK_BUCKET)
      .filter(({ key }) => key.startsWith('deferred/'))
      .map(({ key, body }) => [key, product.decodeDeferred(body)]),
  );
  for (const body of queue.sent) {
    const key = product.parseDeferredMessage(body)?.key ?? '';
    if (!deferred.has(key)) broken.push(`deferral: a message names ${key}, which is not there`);
  }
  const units = new Map(
    aftermath.stream.shards.flatMap(({ records }) =>
      records.flatMap((record) =>
        record.units.map((unit) => [Buffer.from(unit.bytes).toString('latin1'), unit] as const),
      ),
    ),
  );
  for (const [key, records] of deferred) {
    for (const { bytes } of records) {
      const unit = units.get(Buffer.from(bytes).toString('latin1').trimEnd());
      const age = unit?.startSeconds === undefined ? NaN : unit.loggedMs / 1000 - unit.startSeconds;
      const isYoung = age >= -SKEW_SECONDS && age < plan.settings.horizonSeconds;
      if (unit?.kind !== 'connection' || !isYoung) {
        broken.push(`deferral: ${key} lets event ${unit?.id ?? '?'} wait, which need not`);
      }
    }
  }
  // The table is asked only for what the batch does not know itself.
  for (const { invocation, guid } of table.asked) {
    if (invocation?.instance.functionName !== 'transform' || invocation.cut === undefined) continue;
    const own = invocation.taken.find((unit) => unit.kind === 'process' && unit.guid === guid);
    if (own !== undefined)
      broken.push(`join: invocation ${invocation.id} asks for event ${own.id}, which it has`);
  }
  return broken;
}
