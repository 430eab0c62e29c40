import { describe, expect, it } from '@jest/globals';
import { serviceErrorCode } from '../../src/join/service-error-code.ts';

describe('serviceErrorCode', () => {
  it.each([
    ['the code of the system', { code: 'ECONNREFUSED', name: 'Error' }, 'ECONNREFUSED'],
    ['the name that the service gave', { name: 'ThrottlingException' }, 'ThrottlingException'],
    ['the name where the code is no text', { code: 7, name: 'Busy' }, 'Busy'],
    ['unknown where neither is text', { code: 7, name: 7 }, 'unknown'],
    ['unknown for an object without either', {}, 'unknown'],
    ['unknown for null', null, 'unknown'],
    ['unknown for what is no object', 'code', 'unknown'],
  ])('gives %s', (_, error, code) => {
    expect(serviceErrorCode(error)).toBe(code);
  });
});
