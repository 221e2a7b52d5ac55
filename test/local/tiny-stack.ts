import type { Synthesized } from '../../local/local-stack.js';
import { writeBundle } from './temporary-folder.js';

/** Calls one of the local AWS servers as the SDK does, without the SDK. */
const AWS_CALL = `const aws = (url, target, body) => fetch(url, { method: 'POST', body: JSON.stringify(body),
  headers: { 'content-type': 'application/x-amz-json-1.' + (target.startsWith('Amazon') ? 0 : 1), 'x-amz-target': target } })
  .then((response) => response.json());`;

/** Puts the request's body into the queue, and answers with the secret it reads. */
const API = `${AWS_CALL}
exports.handler = async (event) => {
  await aws(process.env.AWS_ENDPOINT_URL_SQS, 'AmazonSQS.SendMessage', { QueueUrl: process.env.QUEUE_URL, MessageBody: event.body });
  const secret = { SecretId: process.env.SECRET_ARN };
  const { SecretString } = await aws(process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER, 'secretsmanager.GetSecretValue', secret);
  return { statusCode: 202, body: SecretString };
};`;

/** Calls the URL that each message holds. */
const WORKER = `exports.handler = async (event) => {
  for (const { body } of event.Records) await fetch(body, { method: 'POST', headers: { 'webhook-id': 'tiny' } });
};`;

const attribute = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A whole small system: HTTP API → function → queue → function, with a table, a group and a secret. */
export function tinyStack(folder: string): Synthesized {
  const variables = { QUEUE_URL: { Ref: 'JobsQueue0A1B2C3D' }, SECRET_ARN: { Ref: 'Operator' } };
  const fn = (Variables: object) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Handler: 'handler.handler', Timeout: 5, MemorySize: 128, Environment: { Variables } },
  });
  const template = {
    Outputs: { OperatorSecretArn: { Value: { Ref: 'Operator' } } },
    Resources: {
      Api: fn(variables),
      Worker: fn({}),
      // Its code is in no asset: what a custom resource brings does not run here.
      Foreign: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.handler' } },
      HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'tiny' } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0', IntegrationUri: attribute('Api') },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: { RouteKey: '$default', Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] } },
      },
      JobsQueue0A1B2C3D: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
      Idle: { Type: 'AWS::SQS::Queue' },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: { Ref: 'Worker' }, EventSourceArn: attribute('JobsQueue0A1B2C3D'), BatchSize: 1 },
      },
      Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'tiny-group' } },
      Operator: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 43 } },
      },
      Things: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          AttributeDefinitions: ['pk', 'g1'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'g1-index',
              KeySchema: [{ AttributeName: 'g1', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
          TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        },
      },
    },
  };
  return { template, assets: { Api: writeBundle(folder, 'api', API), Worker: writeBundle(folder, 'worker', WORKER) } };
}
