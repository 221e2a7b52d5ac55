import { ACCOUNT_ID, type CloudFormationTemplate, type PhysicalResource, REGION, resolve } from './template.js';

/** URLs of the servers that appear in resources' names. */
export interface ServerUrls {
  readonly sqs: string;
  readonly api: string;
}

type Naming = (name: string, urls: ServerUrls) => PhysicalResource;

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;

/** A resource whose Ref is its name and whose only attribute is its ARN. */
const named =
  (service: string, prefix: string): Naming =>
  (name) => ({ ref: name, attributes: { Arn: arn(service, `${prefix}${name}`) } });

const NAMINGS: Record<string, Naming> = {
  'AWS::SQS::Queue': (name, urls) => {
    const url = `${urls.sqs}/${ACCOUNT_ID}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::DynamoDB::Table': named('dynamodb', 'table/'),
  'AWS::DynamoDB::GlobalTable': named('dynamodb', 'table/'),
  'AWS::Lambda::Function': named('lambda', 'function:'),
  'AWS::Scheduler::ScheduleGroup': named('scheduler', 'schedule-group/'),
  'AWS::Scheduler::Schedule': named('scheduler', 'schedule/default/'),
  'AWS::Events::Rule': named('events', 'rule/'),
  'AWS::Logs::LogGroup': named('logs', 'log-group:'),
  'AWS::IAM::Role': (name) => ({ ref: name, attributes: { Arn: `arn:aws:iam::${ACCOUNT_ID}:role/${name}` } }),
  'AWS::SNS::Topic': (name) => ({ ref: arn('sns', name), attributes: { TopicArn: arn('sns', name), TopicName: name } }),
  'AWS::ApiGatewayV2::Api': (name, urls) => ({ ref: name, attributes: { ApiId: name, ApiEndpoint: urls.api } }),
  'AWS::ApiGatewayV2::Integration': (name) => ({ ref: name }),
};

/** Properties that name a resource; without such a property the logical id names it. */
const NAME_PROPERTIES = ['QueueName', 'TableName', 'FunctionName', 'RoleName', 'LogGroupName', 'TopicName'];

/**
 * The names of all resources that the local stack runs or that its functions' environment may mention. The names follow
 * from the template and the servers' addresses alone, so they are known before any resource is created.
 */
export function physicalResources(template: CloudFormationTemplate, urls: ServerUrls): Map<string, PhysicalResource> {
  const physical = new Map<string, PhysicalResource>();
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    const naming = NAMINGS[Type];
    if (naming) physical.set(logicalId, naming(nameOf(logicalId, Type, Properties), urls));
  }
  return physical;
}

function nameOf(logicalId: string, type: string, properties: unknown): string {
  const given = (properties ?? {}) as Record<string, unknown>;
  // `Name` is a display name on an HTTP API, whose id is generated.
  const candidates = type.startsWith('AWS::ApiGatewayV2::') ? [] : [...NAME_PROPERTIES, 'Name'];
  const property = candidates.find((candidate) => given[candidate] !== undefined);
  return property ? String(resolve(given[property], new Map(), logicalId)) : logicalId;
}
