/**
 * Elastic Agent: Winlogbeat's document in a data stream. The integration's ingest pipeline moves fields as
 * Winlogbeat's sysmon module does.
 */
import type { Form } from './form.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { hasAny } from './keyed.ts';
import { hasWinlog, readWinlogbeat } from './winlogbeat.ts';

const isOfAgent = ({ agent, data_stream: dataStream, elastic_agent: elasticAgent }: JsonObject): boolean =>
  isJsonObject(dataStream) ||
  isJsonObject(elasticAgent) ||
  (isJsonObject(agent) && agent.type === 'filebeat');

export const elasticAgent: Form = {
  name: 'elastic-agent',
  recognises: (document) =>
    hasWinlog(document) &&
    (isOfAgent(document) || hasAny(document, 'data_stream.dataset', 'elastic_agent.id')),
  read: (document) => readWinlogbeat(document),
};
