/** Everything that is fuzzed. */
import type { Target } from './promise.ts';
import { converters } from './targets/converters.ts';
import { description } from './targets/description.ts';
import { evtx } from './targets/evtx.ts';
import { guids } from './targets/guids.ts';
import { mappingFiles } from './targets/mapping-files.ts';
import { names } from './targets/names.ts';
import { parquet } from './targets/parquet.ts';
import { records } from './targets/records.ts';
import { streams } from './targets/streams.ts';

export const targets: readonly Target[] = [
  description,
  records,
  streams,
  evtx,
  mappingFiles,
  converters,
  guids,
  parquet,
  names,
];
