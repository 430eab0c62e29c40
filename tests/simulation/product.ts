/** The product's own code, from this checkout or from a copy of it that was broken on purpose. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as lateJoin from '../../functions/late-join.ts';
import type * as transform from '../../functions/transform.ts';
import type * as cache from '../../src/join/cached-process-table.ts';
import type * as deferred from '../../src/join/deferred.ts';
import type * as table from '../../src/join/dynamodb-process-table.ts';
import type * as queue from '../../src/join/sqs-delay-queue.ts';
import type * as quarantine from '../../src/lake/quarantine.ts';
import type * as store from '../../src/lake/s3-store.ts';
import type { CompiledMapping } from '../../src/mapping/compile.ts';
import type * as load from '../../src/mapping/load.ts';
import { SMALL_MAPPING } from './small-mapping.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** What the simulation uses of the product. */
export interface Product
  extends
    Pick<typeof cache, 'cachedProcessTable'>,
    Pick<typeof deferred, 'decodeDeferred'>,
    Pick<typeof table, 'dynamodbProcessTable'>,
    Pick<typeof queue, 'sqsDelayQueue' | 'parseDeferredMessage'>,
    Pick<typeof quarantine, 'decodeQuarantine'>,
    Pick<typeof store, 's3Store'>,
    Pick<typeof transform, 'transformHandler'>,
    Pick<typeof lateJoin, 'lateJoinHandler'> {
  readonly mappings: { readonly small: CompiledMapping; readonly own: CompiledMapping };
}

/** Loads the product that lies at `root`. */
export async function loadProduct(root = ROOT): Promise<Product> {
  // as, below: a copy has the same files; where a broken one has not, the run fails at once.
  const module = (file: string): Promise<unknown> => import(pathToFileURL(path.join(root, file)).href);
  const { cachedProcessTable } = (await module('src/join/cached-process-table.ts')) as typeof cache;
  const { decodeDeferred } = (await module('src/join/deferred.ts')) as typeof deferred;
  const { dynamodbProcessTable } = (await module('src/join/dynamodb-process-table.ts')) as typeof table;
  const { sqsDelayQueue, parseDeferredMessage } = (await module(
    'src/join/sqs-delay-queue.ts',
  )) as typeof queue;
  const { decodeQuarantine } = (await module('src/lake/quarantine.ts')) as typeof quarantine;
  const { s3Store } = (await module('src/lake/s3-store.ts')) as typeof store;
  const { transformHandler } = (await module('functions/transform.ts')) as typeof transform;
  const { lateJoinHandler } = (await module('functions/late-join.ts')) as typeof lateJoin;
  const { loadMapping } = (await module('src/mapping/load.ts')) as typeof load;
  return {
    cachedProcessTable,
    decodeDeferred,
    dynamodbProcessTable,
    sqsDelayQueue,
    parseDeferredMessage,
    decodeQuarantine,
    s3Store,
    transformHandler,
    lateJoinHandler,
    mappings: {
      small: loadMapping(SMALL_MAPPING),
      own: loadMapping(readFileSync(path.join(root, 'OCSFmapping.json'), 'utf8')),
    },
  };
}
