/**
 * Which objects a message of the staging queue names: S3's own notification, or one wrapped by SNS or EventBridge, or
 * what the function itself says of an object that it could not finish in time.
 */
import * as z from 'zod';

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Where an object is taken up again, which was not finished in one invocation. */
  readonly resume?: Resume;
}

export interface Resume {
  /** In quotes, as S3 writes it. Of another object all records are read. */
  readonly etag: string;
  /** Number of the first record that was not taken. */
  readonly record: number;
}

const notification = z.object({
  Records: z.array(
    z.object({
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), versionId: z.string().optional() }),
      }),
    }),
  ),
});
const testEvent = z.object({ Event: z.literal('s3:TestEvent') });
const snsEnvelope = z.object({ Type: z.literal('Notification'), Message: z.string() });
const eventBridge = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), 'version-id': z.string().optional() }),
  }),
});

const resumed = z.object({
  resume: z.object({
    bucket: z.string(),
    key: z.string(),
    versionId: z.string().optional(),
    etag: z.string(),
    record: z.int().min(0),
  }),
});

/** The message that {@link notifiedObjects} reads as this object, from this record on. */
export const resumeMessage = ({ bucket, key, versionId }: S3Location, { etag, record }: Resume): string =>
  JSON.stringify({ resume: { bucket, key, versionId, etag, record } } satisfies z.infer<typeof resumed>);

/** S3 writes keys of its notifications as a form writes them: `+` for a blank, `%` for the rest. */
const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

/** The objects of a message; none for S3's test event. Undefined where the body is no notification. */
export function notifiedObjects(body: string): S3Location[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(body);
    const wrapped = snsEnvelope.safeParse(document);
    if (wrapped.success) document = JSON.parse(wrapped.data.Message);
    if (testEvent.safeParse(document).success) return [];
    const records = notification.safeParse(document);
    if (records.success) {
      return records.data.Records.map(({ s3: { bucket, object } }) => ({
        bucket: bucket.name,
        key: decodeKey(object.key),
        ...(object.versionId !== undefined && { versionId: object.versionId }),
      }));
    }
    const rest = resumed.safeParse(document);
    if (rest.success) {
      const { bucket, key, versionId, etag, record } = rest.data.resume;
      return [{ bucket, key, ...(versionId !== undefined && { versionId }), resume: { etag, record } }];
    }
  } catch {
    return undefined;
  }
  const created = eventBridge.safeParse(document);
  if (!created.success) return undefined;
  const { bucket, object } = created.data.detail;
  const versionId = object['version-id'];
  return [{ bucket: bucket.name, key: object.key, ...(versionId !== undefined && { versionId }) }];
}
