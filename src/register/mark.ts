/**
 * Whose a source is. Security Lake does not tell the provider identity that a source was created with, so `register`
 * writes it into the description of the source's crawler.
 */
import { createHash } from 'node:crypto';

export interface Mark {
  readonly sourceName: string;
  readonly principal: string;
  readonly externalId: string;
}

/** Of what a description tells, the external id is a digest. */
export interface MarkFound {
  readonly sourceName: string;
  readonly principal: string;
  readonly digest: string;
}

const MARK = /^sysmon-lake: custom source (\S+), provider (\S+), external id sha256:([0-9a-f]{16})$/;

/** Short: it need not withstand anyone, only tell two ids from each other. */
export const digestOf = (externalId: string): string =>
  createHash('sha256').update(externalId).digest('hex').slice(0, 16);

export const markText = ({ sourceName, principal, externalId }: Mark): string =>
  `sysmon-lake: custom source ${sourceName}, provider ${principal}, external id sha256:${digestOf(externalId)}`;

/** What a description says; undefined where `register` did not write it. */
export function readMark(description: string | undefined): MarkFound | undefined {
  const [, sourceName, principal, digest] = MARK.exec(description ?? '') ?? [];
  if (sourceName === undefined || principal === undefined || digest === undefined) return undefined;
  return { sourceName, principal, digest };
}

/** The name of a role: of an ARN, of a name with its path, or the name itself. Glue tells any of the three. */
export const roleNameOf = (role: string): string => role.slice(role.lastIndexOf('/') + 1);
