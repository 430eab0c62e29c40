/** What is wrong with a process table in DynamoDB. */
import { serviceErrorCode } from './service-error-code.ts';

const REASONS = {
  not_found: 'there is no such table in this account and region; check its name',
  access_denied: 'access is denied; allow dynamodb:BatchGetItem and dynamodb:BatchWriteItem on it',
  throttled: 'it has too little capacity for these calls; make it on-demand or raise its capacity',
  refused: 'it refused the request; its partition key must be the string "guid", without a sort key',
  failed: 'the call failed',
} as const;

export type DynamodbTableReason = keyof typeof REASONS;

/**
 * A table cannot be used: which one, and why. `code` is DynamoDB's own word for it, or the system's where DynamoDB
 * was not reached. The message is one line and names no GUID or field.
 */
export class DynamodbTableError extends Error {
  readonly tableName: string;
  readonly reason: DynamodbTableReason;
  readonly code: string;

  constructor(tableName: string, reason: DynamodbTableReason, code: string, options?: ErrorOptions) {
    super(`DynamoDB table ${tableName}: ${REASONS[reason]} (${code})`, options);
    this.name = 'DynamodbTableError';
    this.tableName = tableName;
    this.reason = reason;
    this.code = code;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const REASON_OF_CODE: Readonly<Record<string, DynamodbTableReason>> = {
  ResourceNotFoundException: 'not_found',
  AccessDeniedException: 'access_denied',
  ValidationException: 'refused',
};

const THROTTLING = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
];

/** Whether a call failed for want of capacity alone, so that it succeeds later. */
export const isThrottling = (error: unknown): boolean => THROTTLING.includes(serviceErrorCode(error));

/** What the client threw, in the name of the table. */
export function tableError(tableName: string, error: unknown): DynamodbTableError {
  const code = serviceErrorCode(error);
  return new DynamodbTableError(tableName, REASON_OF_CODE[code] ?? 'failed', code, { cause: error });
}
