/** The workgroup of tables.yaml, and the bucket for its results: encrypted, limited, and the same for everybody. */

const ENCRYPTION = {
  'Fn::If': [
    'HasResultsKey',
    { EncryptionOption: 'SSE_KMS', KmsKey: { Ref: 'QueryResultsKMSKeyARN' } },
    { EncryptionOption: 'SSE_S3' },
  ],
} as const;

export const workgroup = () =>
  ({
    Type: 'AWS::Athena::WorkGroup',
    Properties: {
      Name: { Ref: 'WorkgroupName' },
      Description: 'Queries over the Sysmon lake',
      State: 'ENABLED',
      // A workgroup in which somebody has run a query could not be deleted otherwise.
      RecursiveDeleteOption: true,
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: { Ref: 'ScanLimitBytes' },
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: {
          OutputLocation: {
            'Fn::If': [
              'CreatesResultsBucket',
              { 'Fn::Sub': 's3://${ResultsBucket}/results/' },
              { Ref: 'QueryResultsLocation' },
            ],
          },
          EncryptionConfiguration: ENCRYPTION,
        },
      },
    },
  }) as const;

export const resultsBucket = () =>
  ({
    ResultsBucket: {
      Type: 'AWS::S3::Bucket',
      Condition: 'CreatesResultsBucket',
      // Results are events: whoever deletes the stack decides about them.
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                'Fn::If': [
                  'HasResultsKey',
                  { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { Ref: 'QueryResultsKMSKeyARN' } },
                  { SSEAlgorithm: 'AES256' },
                ],
              },
            },
          ],
        },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'Expire',
              Status: 'Enabled',
              ExpirationInDays: { Ref: 'QueryResultsRetentionDays' },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    ResultsBucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Condition: 'CreatesResultsBucket',
      Properties: {
        Bucket: { Ref: 'ResultsBucket' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'TLSOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [{ 'Fn::GetAtt': ['ResultsBucket', 'Arn'] }, { 'Fn::Sub': '${ResultsBucket.Arn}/*' }],
              Condition: { Bool: { 'aws:SecureTransport': false } },
            },
          ],
        },
      },
    },
  }) as const;
