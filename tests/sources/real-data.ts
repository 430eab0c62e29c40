/** The real events beside the checkout, where they are: tests that need them say so when they are skipped. */
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { it } from '@jest/globals';
import { collect } from './collect.ts';
import { decompress } from '../../src/sources/decompress.ts';
import type { RawRecord } from '../../src/sources/source.ts';
import { splitRecords } from '../../src/sources/split.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/data');

/** `it`, or a test that is reported as skipped. */
export const itWithRealData = existsSync(folder) ? it : it.skip;

export const realRecords = async (file: string): Promise<RawRecord[]> =>
  collect(splitRecords(decompress(createReadStream(path.join(folder, file)))));
