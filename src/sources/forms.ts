/** The forms of JSON documents that are read, in the order in which they are tried. Adding a form adds a line here. */
import { azureMonitor } from './azure-monitor.ts';
import { cloudWatchLogs } from './cloudwatch-logs.ts';
import { elasticAgent } from './elastic-agent.ts';

import { evtxJson } from './evtx-json.ts';
import { fluentBit } from './fluent-bit.ts';
import type { Form } from './form.ts';
import { getWinEvent } from './get-winevent.ts';
import { kinesisAgent } from './kinesis-agent.ts';
import { nxlog } from './nxlog.ts';
import { openTelemetry } from './opentelemetry.ts';
import { textInJson } from './text-in-json.ts';
import { vector } from './vector.ts';
import { wazuh } from './wazuh.ts';
import { winlogbeat } from './winlogbeat.ts';

/**
 * Each recognises keys that only it has, so the order matters for two alone: Elastic Agent writes Winlogbeat's
 * document and more, and text is looked into only where a document is of no other form.
 */
export const FORMS: readonly Form[] = [
  kinesisAgent,
  elasticAgent,
  winlogbeat,
  evtxJson,
  fluentBit,
  vector,
  nxlog,
  openTelemetry,
  wazuh,
  getWinEvent,
  azureMonitor,
  cloudWatchLogs,
  textInJson,
];
