/** A bucket of the S3 server: its objects and the conditions under which they are written and read. */
import { createHash } from 'node:crypto';
import { S3Refusal } from './s3-refusal.ts';

export interface StoredObject {
  readonly body: Buffer;
  /** In quotes. As with KMS encryption, no MD5 of the body: nobody may rely on that. */
  readonly etag: string;
  readonly versionId: string;
  readonly modified: Date;
  /** What it was put with: encryption, checksums, Content-Type. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface Bucket {
  put(key: string, body: Buffer, headers: Record<string, string>, conditions?: Conditions): StoredObject;
  /** Throws {@link S3Refusal} NoSuchKey, NoSuchVersion or PreconditionFailed. */
  get(key: string, versionId?: string, conditions?: Conditions): StoredObject;
  delete(key: string): void;
  /** Keys in the order of their UTF-8 bytes. */
  keys(): string[];
}

/** S3 compares keys by their bytes, JavaScript by UTF-16 units. */
export const compareKeys = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

export function newBucket(): Bucket {
  const current = new Map<string, StoredObject>();
  const versions = new Map<string, StoredObject>();
  let puts = 0;

  return {
    put(key, body, headers, { ifMatch, ifNoneMatch } = {}) {
      const existing = current.get(key);
      if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw new S3Refusal(501, 'NotImplemented');
      if (ifNoneMatch === '*' && existing !== undefined) throw new S3Refusal(412, 'PreconditionFailed');
      if (ifMatch !== undefined) {
        if (existing === undefined) throw new S3Refusal(404, 'NoSuchKey');
        if (existing.etag !== ifMatch) throw new S3Refusal(412, 'PreconditionFailed');
      }
      const versionId = `v${++puts}`;
      const digest = createHash('md5').update(versionId).update(body).digest('hex');
      const stored = { body, etag: `"${digest}"`, versionId, modified: new Date(), headers };
      current.set(key, stored);
      versions.set(`${versionId} ${key}`, stored);
      return stored;
    },

    get(key, versionId, { ifMatch, ifNoneMatch } = {}) {
      if (ifNoneMatch !== undefined) throw new S3Refusal(501, 'NotImplemented');
      const stored = versionId === undefined ? current.get(key) : versions.get(`${versionId} ${key}`);
      if (stored === undefined)
        throw new S3Refusal(404, versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion');
      if (ifMatch !== undefined && ifMatch !== stored.etag) throw new S3Refusal(412, 'PreconditionFailed');
      return stored;
    },

    delete: (key) => void current.delete(key),
    keys: () => [...current.keys()].sort(compareKeys),
  };
}
