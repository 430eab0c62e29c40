/** Every converter that `{ "convert": { "evaluate": …, "to": name } }` can name. */
import type { Converter } from './converter.ts';
import { attacks, hasTechnique } from './converters/attacks.ts';
import { dnsAnswers } from './converters/dns-answers.ts';
import { isEc2Instance } from './converters/ec2-instance.ts';
import { file } from './converters/file.ts';
import { fingerprints } from './converters/fingerprints.ts';
import { integer } from './converters/integer.ts';
import { processName } from './converters/process-name.ts';
import { processStartTime } from './converters/process-start-time.ts';
import { registryKey, registryType, registryValue } from './converters/registry.ts';
import { fileOfStream, streamName } from './converters/stream.ts';
import { unlessIp } from './converters/unless-ip.ts';
import { unquoted } from './converters/unquoted.ts';
import { user } from './converters/user.ts';

export const converters: ReadonlyMap<string, Converter> = new Map(
  [
    attacks,
    dnsAnswers,
    file,
    fileOfStream,
    fingerprints,
    hasTechnique,
    integer,
    isEc2Instance,
    processName,
    processStartTime,
    registryKey,
    registryType,
    registryValue,
    streamName,
    unlessIp,
    unquoted,
    user,
  ].map((converter) => [converter.name, converter]),
);
