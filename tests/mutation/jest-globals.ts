/** What tests import from `@jest/globals`, out of the packages that Jest itself is made of. */
import { ModuleMocker } from 'jest-mock';

export { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'jest-circus';
export { jestExpect as expect } from '@jest/expect';
export const jest = new ModuleMocker(globalThis);
