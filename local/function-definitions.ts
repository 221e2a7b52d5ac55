import { devNull } from 'node:os';
import type { FunctionDefinition } from './execution-environment.js';
import { type CloudFormationTemplate, type PhysicalResources, REGION, resourcesOf } from './template.js';

/** URLs of the local AWS servers. */
export interface AwsUrls {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly scheduler: string;
  readonly secrets: string;
  /** Answers for the services of targets. */
  /** Of the services that are only targets. */
  readonly targets: string;
}

/** The functions of the template whose code is in `assets` (logical id → folder), ready to run. */
export function functionDefinitions(
  template: CloudFormationTemplate,
  physical: PhysicalResources,
  assets: Readonly<Record<string, string>>,
  urls: AwsUrls,
): FunctionDefinition[] {
  return resourcesOf(template, physical, 'AWS::Lambda::Function').flatMap(({ logicalId, properties }) => {
    const code = assets[logicalId];
    if (code === undefined) return [];
    const name = properties.FunctionName ?? logicalId;
    const memoryMb = Number(properties.MemorySize ?? 128);
    return {
      name,
      code,
      handler: properties.Handler,
      timeoutSeconds: Number(properties.Timeout ?? 3),
      memoryMb,
      environment: { ...properties.Environment?.Variables, ...lambdaEnvironment(name, memoryMb), ...awsAccess(urls) },
    };
  });
}

function lambdaEnvironment(name: string, memoryMb: number): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    TZ: ':UTC',
    // The SDK's warning is about the laptop's Node; the deployed runtime is newer.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

const SERVICES_OF_TARGETS = ['SNS', 'EVENTBRIDGE', 'LAMBDA', 'SFN'];

/** Dummy credentials, and an address on this machine for every service: calls to services that we do not run fail. */
function awsAccess(urls: AwsUrls): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9', // the discard port
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
    AWS_ENDPOINT_URL_SQS: urls.sqs,
    AWS_ENDPOINT_URL_SCHEDULER: urls.scheduler,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: urls.secrets,
    ...Object.fromEntries(SERVICES_OF_TARGETS.map((service) => [`AWS_ENDPOINT_URL_${service}`, urls.targets])),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}
