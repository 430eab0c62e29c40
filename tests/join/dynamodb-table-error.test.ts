import { describe, expect, it } from '@jest/globals';
import { DynamodbTableError, isThrottling, tableError } from '../../src/join/dynamodb-table-error.ts';

const named = (name: string, extra: object = {}) => Object.assign(new Error('text'), { name, ...extra });

describe('tableError', () => {
  it.each([
    [named('ResourceNotFoundException'), 'not_found', 'ResourceNotFoundException'],
    [named('AccessDeniedException'), 'access_denied', 'AccessDeniedException'],
    [named('ValidationException'), 'refused', 'ValidationException'],
    [named('InternalServerError'), 'failed', 'InternalServerError'],
    [named('Error', { code: 'ECONNREFUSED' }), 'failed', 'ECONNREFUSED'],
    ['text', 'failed', 'unknown'],
  ])('says of %p: %s', (cause, reason, code) => {
    const error = tableError('processes', cause);
    expect(error).toBeInstanceOf(DynamodbTableError);
    expect(error).toMatchObject({ tableName: 'processes', reason, code, cause });
    expect(error.message).toMatch(new RegExp(`^DynamoDB table processes: .+ \\(${code}\\)$`));
  });
});

describe('isThrottling', () => {
  it.each([
    ['ProvisionedThroughputExceededException', true],
    ['RequestLimitExceeded', true],
    ['ThrottlingException', true],
    ['ResourceNotFoundException', false],
  ])('of %s is %p', (name, expected) => {
    expect(isThrottling(named(name))).toBe(expected);
  });
});
