import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { NotFoundError } from '../../primitives/faults.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { principalOf } from '../../subjects/projects/iam-callers.js';
import type { Scope } from '../../subjects/projects/permissions.js';
import { ForbiddenError } from './problem.js';
import type { AccountCaller } from './route.js';

/** Below it API Gateway takes requests by their SigV4 signature alone. */
const PREFIX = '/iam';

type Ports = Pick<ApiPorts, 'config' | 'intakeConfig' | 'settings'>;

/** @throws NotFoundError unless the project is there */
export async function accountCaller(
  { config, intakeConfig = config }: Ports,
  name: string,
  projectId: string,
  scopes: readonly Scope[],
): Promise<AccountCaller> {
  const project = await intakeConfig.project(projectId);
  if (project === undefined || project.deleted_at !== undefined) throw new NotFoundError('There is no such project.');
  return { kind: 'account', name, project, scopes };
}

/**
 * The ARN of the caller whose signature API Gateway has checked. It is in the request's context, which API Gateway makes:
 * no caller can send one, and only the route below the prefix has it.
 */
export function signedBy({ requestContext }: APIGatewayProxyEventV2): string | undefined {
  const { authorizer } = requestContext as { readonly authorizer?: { readonly iam?: { readonly userArn?: string } } };
  return authorizer?.iam && (authorizer.iam.userArn ?? '');
}

/** @throws ForbiddenError unless the settings name the caller */
export function bySettings(arn: string, ports: Ports): Promise<AccountCaller> {
  const given = ports.settings.iamCallers?.get(principalOf(arn) ?? '');
  if (given === undefined) throw new ForbiddenError(`The setting iamCallers does not name the caller ${arn}.`);
  return accountCaller(ports, arn, given.project, given.scopes);
}

/** A request with a signature of IAM, as a request to the API's own path. */
export function withoutPrefix(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  if (signedBy(event) === undefined || !event.rawPath.startsWith(`${PREFIX}/`)) return event;
  const rawPath = event.rawPath.slice(PREFIX.length);
  const { requestContext } = event;
  return { ...event, rawPath, requestContext: { ...requestContext, http: { ...requestContext.http, path: rawPath } } };
}
