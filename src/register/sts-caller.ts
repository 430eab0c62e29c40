/** Who makes the calls, through the SDK. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { called } from './call-error.ts';
import type { Caller } from './services.ts';

/** Region of the lake; default: the SDK's. */
export const stsClient = (region?: string): STSClient =>
  new STSClient(region === undefined ? {} : { region });

/** The account and the partition of the credentials, and the region of the client. Rejects with CallError. */
export async function callerOf(client: STSClient): Promise<Caller> {
  const region = await client.config.region();
  const answer = await called('GetCallerIdentity', client.send(new GetCallerIdentityCommand({})));
  return { account: answer.Account ?? '', partition: answer.Arn?.split(':')[1] ?? 'aws', region };
}
