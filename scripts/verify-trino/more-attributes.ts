/** A mapping as somebody may change it: attributes more, each before those that are there. */
import { z } from 'zod';

const record = z.record(z.string(), z.unknown());

/**
 * A mapping file with a new column, new fields in structs, and a new list of structs; in the second generation with
 * one more field in those. All stand first, so that whatever goes by position goes wrong.
 */
export function withAttributes(mappingText: string, generation: 1 | 2): string {
  const file = record.parse(JSON.parse(mappingText));
  const events = record.parse(file.custom_source_events);
  const templates = record.parse(events.templates);
  const event = record.parse(templates.event);
  const metadata = record.parse(event.metadata);
  const enrichment = { name: 'machine', value: '$.MachineName', data: '$.MachineName' };
  const changed = {
    raw_data: '$.MachineName',
    enrichments: [generation === 1 ? enrichment : { provider: '$.LogName', type: 'host', ...enrichment }],
    ...event,
    metadata: {
      tenant_uid: '$.MachineName',
      ...metadata,
      product: { lang: 'en', ...record.parse(metadata.product) },
    },
  };
  return JSON.stringify({
    ...file,
    custom_source_events: { ...events, templates: { ...templates, event: changed } },
  });
}
