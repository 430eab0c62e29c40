/** A table of DynamoDB as the process table of a run. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cachedProcessTable } from '../join/cached-process-table.ts';
import { dynamodbProcessTable } from '../join/dynamodb-process-table.ts';
import type { DynamodbTableIncident } from '../join/dynamodb-process-table.ts';
import type { ProcessTable } from '../join/process-table.ts';
import { checkSession } from './aws-session.ts';
import { plural } from './printable.ts';

/** Processes that a run remembers: about 1 kB each. */
const CACHED_PROCESSES_MAX = 50_000;

/** The GUID that no process has. */
const NO_PROCESS = '00000000-0000-0000-0000-000000000000';

export interface DynamodbOutput {
  readonly table: ProcessTable;
  /** What a user should know when the run is over. */
  readonly notes: () => string[];
  readonly close: () => void;
}

/**
 * The table of this name, after it has been asked for once: a wrong name is told before anything is read.
 * Credentials, region and endpoint are those that the SDK finds.
 * Rejects with AwsSessionError and DynamodbTableError.
 */
export async function openDynamodb(tableName: string, retentionSeconds: number): Promise<DynamodbOutput> {
  const client = new DynamoDBClient({});
  const incidents = new Map<DynamodbTableIncident, number>();
  const table = dynamodbProcessTable({
    client,
    tableName,
    now: Date.now,
    retentionSeconds,
    observe: (incident, count) => incidents.set(incident, (incidents.get(incident) ?? 0) + count),
  });
  try {
    await checkSession(client);
    await table.get([NO_PROCESS]);
  } catch (error) {
    client.destroy();
    throw error;
  }
  return {
    table: cachedProcessTable(table, { entriesMax: CACHED_PROCESSES_MAX }),
    notes: () => {
      const [large = 0, unreadable = 0] = [incidents.get('too_large'), incidents.get('unreadable')];
      return [
        ...(large > 0 ? [`${tableName}: ${plural(large, 'event')} 1 too large for an item; not stored`] : []),
        ...(unreadable > 0
          ? [`${tableName}: ${plural(unreadable, 'item')} of another program; not joined`]
          : []),
      ];
    },
    close: () => client.destroy(),
  };
}
