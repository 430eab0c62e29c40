/** What a call to AWS failed with, in the name of the call. */

/** The calls that are made, and the IAM action that allows each. */
export const IAM_ACTIONS = {
  GetCallerIdentity: 'sts:GetCallerIdentity',
  ListDataLakes: 'securitylake:ListDataLakes',
  ListLogSources: 'securitylake:ListLogSources',
  GetDataLakeSources: 'securitylake:GetDataLakeSources',
  CreateCustomLogSource: 'securitylake:CreateCustomLogSource',
  DeleteCustomLogSource: 'securitylake:DeleteCustomLogSource',
  GetCrawler: 'glue:GetCrawler',
  CreateCrawler: 'glue:CreateCrawler',
  UpdateCrawler: 'glue:UpdateCrawler',
  DeleteCrawler: 'glue:DeleteCrawler',
  GetTables: 'glue:GetTables',
} as const;

export type Operation = keyof typeof IAM_ACTIONS;

/** What else the caller needs, because the service acts in the caller's name or hands a role on. */
const ALSO: Partial<Record<Operation, string>> = {
  CreateCustomLogSource:
    ' and what it does in your name (iam:PassRole, iam:PutRolePolicy, glue:CreateCrawler, …: docs/register.md)',
  CreateCrawler: ' and iam:PassRole on the Glue role',
  UpdateCrawler: ' and iam:PassRole on the Glue role',
  GetTables: ', and in Lake Formation DESCRIBE on the tables',
};

const DENIED: readonly string[] = ['AccessDeniedException', 'AccessDenied', 'UnauthorizedException'];

const ADVICE: Readonly<Record<string, string>> = {
  ExpiredTokenException: 'the credentials have expired; get new ones',
  ExpiredToken: 'the credentials have expired; get new ones',
  UnrecognizedClientException: 'the credentials are not known; set others',
  InvalidClientTokenId: 'the credentials are not known; set others',
  InvalidSignatureException: 'the secret key is wrong; set the credentials',
  SignatureDoesNotMatch: 'the secret key is wrong; set the credentials',
  ThrottlingException: 'too many calls are made in this account; run the same command again later',
  InternalServerException: 'the service failed; run the same command again',
  ResourceNotFoundException: 'there is no such thing, or Security Lake is not on in this region',
  BadRequestException: 'it refused the request; check the options',
  InvalidInputException: 'it refused the request; check the options',
  ConflictException: 'another change is under way; run the same command again later',
  OperationTimeoutException: 'it took too long; run the same command again',
};

/**
 * A call failed. `code` is the service's own word, or the system's where it was not reached; `detail` is what the
 * service said. The message is one line with the remedy.
 */
export class CallError extends Error {
  readonly operation: Operation;
  readonly code: string;
  /** The IAM action that allows the call. */
  readonly action: string;

  constructor(operation: Operation, error: unknown) {
    const code = errorCode(error);
    const action = IAM_ACTIONS[operation];
    const isDenied = DENIED.includes(code);
    const advice = isDenied
      ? `access is denied; allow ${action}${ALSO[operation] ?? ''}`
      : (ADVICE[code] ?? 'the call failed; run the same command again');
    // The service's own words say which parameter, or which action on which resource.
    const detail = error instanceof Error && error.message !== '' && error.message !== code;
    super(`${action}: ${advice} (${code}${detail ? `: ${error.message.replace(/\s+/g, ' ')}` : ''})`, {
      cause: error,
    });
    this.name = 'CallError';
    this.operation = operation;
    this.code = code;
    this.action = action;
  }
}

/** Awaits a call; what it throws becomes a {@link CallError}. */
export async function called<T>(operation: Operation, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CallError(operation, error);
  }
}

/** Whether it is the service's answer of this code. */
export const isCode = (error: unknown, code: string): boolean =>
  error instanceof CallError && error.code === code;

function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}
