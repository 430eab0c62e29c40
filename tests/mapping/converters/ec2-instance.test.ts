import { expect, it } from '@jest/globals';
import { isEc2Instance } from '../../../src/mapping/converters/ec2-instance.ts';
import { conversion } from './conversion.ts';

it.each([
  ['i-07ce7e37ac862c585', 'true'],
  ['i-07ce7e37', 'true'],
  ['i-07CE7E37', ''],
  ['i-07ce7e3', ''],
  ['i-07ce7e37ac862c5855', ''],
  ['mi-07ce7e37ac862c585', ''],
  ['server-7', ''],
])('%s: %j', (text, value) => {
  expect(conversion(isEc2Instance, text)).toEqual({ value, failed: false });
});
