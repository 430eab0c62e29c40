/** Whether there is what every call to AWS needs, asked before any work is done. */

/** The part of an AWS client that knows. */
export interface AwsClient {
  readonly config: {
    readonly region: () => Promise<unknown>;
    readonly credentials: () => Promise<unknown>;
  };
}

/** AWS cannot be spoken to from here. The message is one line that says what to set. */
export class AwsSessionError extends Error {
  readonly missing: 'region' | 'credentials';

  constructor(missing: 'region' | 'credentials', options?: ErrorOptions) {
    super(
      missing === 'region'
        ? 'no AWS region is set; set AWS_REGION, or a region in the profile'
        : 'no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      options,
    );
    this.name = 'AwsSessionError';
    this.missing = missing;
  }
}

/** Rejects with {@link AwsSessionError} where the SDK's own chains find no region or no credentials. */
export async function checkSession({ config }: AwsClient): Promise<void> {
  await config.region().catch((cause: unknown) => {
    throw new AwsSessionError('region', { cause });
  });
  await config.credentials().catch((cause: unknown) => {
    throw new AwsSessionError('credentials', { cause });
  });
}
