/** Instance ids of EC2 among the ids that an agent can decorate events with. */
import type { Converter } from '../converter.ts';

/** Instance ids: `i-` and 8 or 17 hexadecimal digits (Amazon EC2 User Guide, resource IDs). */
const EC2_INSTANCE = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

export const isEc2Instance: Converter = {
  name: 'is_ec2_instance',
  summary: 'true for the id of an EC2 instance, absent for any other text',
  output: { type: 'string_t' },
  lossless: false,
  convert: (text) => (EC2_INSTANCE.test(text) ? 'true' : ''),
};
