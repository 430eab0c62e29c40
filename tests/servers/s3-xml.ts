/** What S3 writes as XML: errors and listings. */
import type { StoredObject } from './s3-bucket.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

const element = (name: string, text: string | number): string => `<${name}>${escape(String(text))}</${name}>`;

export const errorXml = (code: string, resource: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error>${element('Code', code)}${element('Message', code)}${element('Resource', resource)}${element('RequestId', 'local')}</Error>`;

export interface Listing {
  readonly bucket: string;
  readonly prefix: string;
  readonly maxKeys: number;
  readonly objects: readonly (readonly [key: string, object: StoredObject])[];
  readonly continuationToken: string | undefined;
  readonly nextContinuationToken: string | undefined;
  readonly urlEncoded: boolean;
}

/** The answer of ListObjectsV2. */
export function listingXml(listing: Listing): string {
  const key = (text: string): string => (listing.urlEncoded ? urlEncode(text) : text);
  const contents = listing.objects.map(
    ([name, { etag, modified, body }]) =>
      `<Contents>${element('Key', key(name))}${element('LastModified', modified.toISOString())}${element('ETag', etag)}${element('Size', body.length)}<StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const optional = (name: string, text: string | undefined): string =>
    text === undefined ? '' : element(name, text);
  return [
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    element('Name', listing.bucket),
    element('Prefix', key(listing.prefix)),
    element('MaxKeys', listing.maxKeys),
    element('KeyCount', listing.objects.length),
    element('IsTruncated', String(listing.nextContinuationToken !== undefined)),
    optional('ContinuationToken', listing.continuationToken),
    optional('NextContinuationToken', listing.nextContinuationToken),
    listing.urlEncoded ? element('EncodingType', 'url') : '',
    ...contents,
    '</ListBucketResult>',
  ].join('');
}

/** As in a query, with + for a blank, but the slashes stay. */
const urlEncode = (text: string): string =>
  encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/');
