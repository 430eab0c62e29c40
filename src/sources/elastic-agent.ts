/**
 * Elastic Agent: Winlogbeat's document in a data stream. The integration's ingest pipeline moves fields as
 * Winlogbeat's sysmon module does, and drops and rewrites values. Where the agent preserves the original event, its
 * XML has the values as Sysmon wrote them.
 */
import { readEventId } from './assemble.ts';
import { readEventXml } from './event-xml.ts';
import type { Carried, Form, Refused } from './form.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { hasAny } from './keyed.ts';
import { hasWinlog, readWinlogbeat } from './winlogbeat.ts';

const isOfAgent = ({ agent, data_stream: dataStream, elastic_agent: elasticAgent }: JsonObject): boolean =>
  isJsonObject(dataStream) ||
  isJsonObject(elasticAgent) ||
  (isJsonObject(agent) && agent.type === 'filebeat');

const ORIGINAL = 'event.original';

/** The parts of an event with those of its original XML, if that is the same event. */
const withOriginal = (parts: Carried): Carried => {
  const { [ORIGINAL]: xml = '', ...rest } = parts.userDefined;
  const original = xml.trimStart().startsWith('<Event') ? readEventXml(xml) : undefined;
  if (original === undefined || 'reason' in original || original.named === undefined) return parts;
  const isSame =
    readEventId(original.eventId) === readEventId(parts.eventId) &&
    original.provider === parts.provider &&
    original.envelope.Index === parts.envelope.Index;
  if (!isSame || Object.keys(original.named).length === 0) return parts;
  const { message = '', keepAs } = parts;
  // A value that only the document has was put there by a processor.
  const added = Object.entries(parts.named ?? {}).filter(([name]) => original.named?.[name] === undefined);
  const userDefined = Object.assign(
    original.userDefined,
    Object.fromEntries(added.map(([name, value]) => [`winlog.event_data.${name}`, value])),
    rest,
  );
  return {
    ...original,
    envelope: { ...parts.envelope, ...original.envelope },
    ...(message !== '' && { message }),
    ...(keepAs && { keepAs }),
    userDefined,
  };
};

const read = (document: JsonObject): Carried | Refused => {
  const parts = readWinlogbeat(document);
  return 'reason' in parts ? parts : withOriginal(parts);
};

export const elasticAgent: Form = {
  name: 'elastic-agent',
  recognises: (document) =>
    hasWinlog(document) &&
    (isOfAgent(document) || hasAny(document, 'data_stream.dataset', 'elastic_agent.id')),
  read,
};
