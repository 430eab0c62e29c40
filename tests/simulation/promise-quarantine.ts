/** Promise: what cannot be read or mapped is in quarantine, byte for byte and with its reason; nothing else is. */
import type { Unit } from './events.ts';
import { WORK_BUCKET } from './instance.ts';
import type { Aftermath } from './simulation.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').trimEnd();

/** Every record in quarantine, as the event that it is of. */
export function checkQuarantine(aftermath: Aftermath): { units: Unit[]; broken: string[] } {
  const { services, product, stream } = aftermath;
  const sent = new Map(
    stream.shards.flatMap(({ records }) =>
      records.flatMap((record) => record.units.map((unit) => [text(unit.bytes), unit] as const)),
    ),
  );
  const units: Unit[] = [];
  const broken: string[] = [];
  for (const { key, body } of services.store.objects(WORK_BUCKET)) {
    if (!key.startsWith('quarantine/')) continue;
    for (const { reason, bytes } of product.decodeQuarantine(body)) {
      const unit = sent.get(text(bytes));
      if (unit === undefined) broken.push(`quarantine: ${key} has what nobody sent`);
      else {
        units.push(unit);
        if (unit.reason !== reason) {
          broken.push(`quarantine: event ${unit.id} for ${reason}, not for ${unit.reason ?? 'anything'}`);
        }
      }
    }
  }
  return { units, broken };
}
