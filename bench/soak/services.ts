/** The local services, and what is told of one when it has started. */
export const SERVICES = ['kinesis', 'dynamodb', 's3', 'sqs'] as const;
export type Service = (typeof SERVICES)[number];

export interface Started {
  /** Where it listens. */
  readonly endpoint: string;
  /** The queue's URL, of the service that has one. */
  readonly queueUrl?: string;
}

export const STREAM_NAME = 'sysmon';
export const TABLE_NAME = 'processes';
