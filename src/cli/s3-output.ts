/** A bucket as the place of a lake. */
import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../lake/object-store.ts';
import { prefixedStore } from '../lake/prefixed-store.ts';
import { s3Store } from '../lake/s3-store.ts';
import { StoreError } from '../lake/store-errors.ts';
import { checkSession } from './aws-session.ts';

export interface S3OutputOptions {
  readonly bucket: string;
  /** Where in the bucket, without slashes at the ends; '' is the top. */
  readonly prefix: string;
  readonly kmsKeyArn?: string;
  /** Default: process.env. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The store below the prefix, after it has been asked for once: a wrong bucket or key is told before anything is
 * read. Credentials, region and endpoint are those that the SDK finds.
 * Rejects with AwsSessionError and StoreError.
 */
export async function openS3({
  bucket,
  prefix,
  kmsKeyArn,
  environment = process.env,
}: S3OutputOptions): Promise<{ store: ObjectStore; close: () => void }> {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  // A server that is not AWS has no name for each bucket; at AWS' own endpoints both styles work.
  const client = new S3Client({ forcePathStyle: endpoint !== undefined && endpoint !== '' });
  const whole = s3Store({ client, bucket, ...(kmsKeyArn !== undefined && { kmsKeyArn }) });
  const store = prefixedStore(whole, prefix === '' ? '' : `${prefix}/`);
  try {
    await checkSession(client);
    for await (const key of store.list('')) if (key !== '') break;
  } catch (error) {
    // Who may write need not be allowed to list.
    if (!(error instanceof StoreError) || error.code !== 'AccessDenied') {
      client.destroy();
      throw error;
    }
  }
  return { store, close: () => client.destroy() };
}
