/** `sysmon-lake demo`: the full pipeline on the bundled examples. */
import { fileURLToPath } from 'node:url';
import { query, terminalWidth } from './query.ts';
import type { Outcome } from './run.ts';
import { summaryTables } from './summary.ts';
import { transform } from './transform.ts';

const QUESTIONS: readonly { readonly title: string; readonly sql: string }[] = [
  {
    title: 'Which connections were made, and by which process? (the join of events 1 and 3)',
    sql: `SELECT strftime(make_timestamp_ms(EVENT_DATE_CREATION), '%H:%M:%S') AS at, SRC_HOST_NAME, DST_IP_ADDR,
  PROCESS_COMMAND_LINE, PARENT_PROCESS_COMMAND_LINE, USER_ACCOUNT
FROM sysmon_join ORDER BY EVENT_DATE_CREATION, SRC_HOST_NAME, DST_IP_ADDR`,
  },
  {
    title: 'What ran on one of the hosts, and what had started it?',
    sql: `SELECT strftime(make_timestamp_ms(time), '%H:%M:%S') AS at, actor.process.name AS parent, process.name AS process,
  attacks[1].sub_technique.uid AS technique, process.cmd_line AS command_line
FROM process_activity WHERE activity_id = 1 AND device.hostname = 'fin-ws07.corp.example' ORDER BY time`,
  },
  {
    title: 'How did the join go?',
    sql: `SELECT unmapped['join'] AS "join", count(*) AS connections
FROM network_activity GROUP BY ALL ORDER BY connections DESC`,
  },
];

/** One story, as three carriers tell it. */
const STORY = ['intrusion.kinesis-agent.ndjson', 'intrusion.winlogbeat.ndjson', 'intrusion.event-xml.xml'];

/** Width of a table where there is no terminal. */
const WIDTH = 160;

/** Transforms events/ into a lake and asks it three questions. */
export async function demo(out: string, print: (text: string) => void): Promise<Outcome> {
  const events = STORY.map((name) => fileURLToPath(new URL(`../events/${name}`, import.meta.url)));
  const result = await transform(events, {
    out,
    format: 'auto',
    region: 'local',
    accountId: 'external',
    progress: true,
  });
  print(summaryTables(result.counts, out));
  for (const { title, sql } of QUESTIONS) {
    print(`\n${title}\n\n${sql}\n\n${await query(out, sql, 'table', terminalWidth() ?? WIDTH)}`);
  }
  return { notes: [], failures: result.failures };
}
