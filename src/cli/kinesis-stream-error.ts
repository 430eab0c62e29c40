/** What is wrong with a Kinesis stream that records are put into. */

/** By Kinesis' code, or the system's: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const ADVICE: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'there is no such stream in this account and region; check its name',
  AccessDeniedException: 'access is denied; allow kinesis:PutRecords on it, and the use of its KMS key',
  KMSAccessDeniedException: 'its KMS key may not be used; allow kms:GenerateDataKey on it',
  KMSDisabledException: 'its KMS key is disabled; enable it',
  ExpiredTokenException: 'the credentials have expired; get new ones',
  UnrecognizedClientException: 'the credentials are not known; set others',
  InvalidSignatureException: 'the secret key is wrong; set the credentials',
  InvalidArgumentException: 'it refused the request; check its name',
  ValidationException: 'it refused the request; check its name',
};

const THROTTLING = [
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
];

/** Whether a call failed for want of capacity alone, so that it succeeds later. */
export const isThrottling = (code: string): boolean => THROTTLING.includes(code);

/** A stream takes no records: which one, and why. `code` is Kinesis' own word, or the system's where it was not reached. */
export class KinesisStreamError extends Error {
  readonly streamName: string;
  readonly code: string;

  constructor(streamName: string, code: string, options?: ErrorOptions) {
    const advice =
      ADVICE[code] ??
      (isThrottling(code)
        ? 'it takes no more records; give it more shards or lower the rate'
        : 'records could not be put');
    super(`Kinesis stream ${streamName}: ${advice} (${code})`, options);
    this.name = 'KinesisStreamError';
    this.streamName = streamName;
    this.code = code;
  }
}
