/** The environment of a command that speaks to local servers, and that finds nothing else of AWS. */
import { FAKE_CREDENTIALS, LOCAL_REGION } from '../servers/clients.ts';

/** Neither profiles nor the metadata service of the machine. */
export const NO_AWS = {
  AWS_CONFIG_FILE: 'nowhere',
  AWS_SHARED_CREDENTIALS_FILE: 'nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/** Credentials and a region, as a person sets them. */
export const AWS = {
  ...NO_AWS,
  AWS_REGION: LOCAL_REGION,
  AWS_ACCESS_KEY_ID: FAKE_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: FAKE_CREDENTIALS.secretAccessKey,
} as const;
