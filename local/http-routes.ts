import { type CloudFormationTemplate, type PhysicalResources, resourcesOf } from './template.js';

/** A route of the HTTP API and the function behind it. */
export interface Route {
  /** `$default`, or method and path as in `GET /jobs/{id}` or `ANY /{proxy+}`. */
  readonly key: string;
  readonly functionArn: string;
  /** Takes signatures of IAM alone, which nothing here can check. */
  readonly isSigned: boolean;
  /** Time after which API Gateway answers in the function's place. */
  readonly timeoutMs: number;
  /** Whether the route's throttle lets a request through now. The stage's is not played: this machine is slower. */
  admits(): boolean;
}

/** API Gateway's longest and default timeout. */
const INTEGRATION_TIMEOUT_MS = 30_000;

export interface MatchedRoute extends Route {
  readonly pathParameters?: Record<string, string>;
}

/** The template's routes. Throws for an integration that is not a function with payload format 2.0. */
export function routesOf(template: CloudFormationTemplate, physical: PhysicalResources): Route[] {
  const integrations = new Map(
    resourcesOf(template, physical, 'AWS::ApiGatewayV2::Integration').map(({ logicalId, properties }) => {
      if (properties.IntegrationType !== 'AWS_PROXY' || properties.PayloadFormatVersion !== '2.0') {
        throw new Error(`${logicalId}: only AWS_PROXY integrations with payload format 2.0 run locally`);
      }
      const timeoutMs = Number(properties.TimeoutInMillis ?? INTEGRATION_TIMEOUT_MS);
      return [`integrations/${logicalId}`, { functionArn: String(properties.IntegrationUri), timeoutMs }] as const;
    }),
  );
  const [stage] = resourcesOf(template, physical, 'AWS::ApiGatewayV2::Stage');
  return resourcesOf(template, physical, 'AWS::ApiGatewayV2::Route').map(({ logicalId, properties }) => {
    const integration = integrations.get(properties.Target);
    if (!integration) throw new Error(`${logicalId}: no integration ${properties.Target}`);
    const { AuthorizationType = 'NONE' } = properties;
    if (AuthorizationType !== 'NONE' && AuthorizationType !== 'AWS_IAM') {
      throw new Error(`${logicalId}: this authorizer is not supported locally`);
    }
    const admits = throttle(stage?.properties.RouteSettings?.[properties.RouteKey]);
    return { key: properties.RouteKey, ...integration, isSigned: AuthorizationType === 'AWS_IAM', admits };
  });
}

interface RouteSettings {
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
}

/** A bucket of `ThrottlingBurstLimit` tokens, into which `ThrottlingRateLimit` tokens fall each second. */
function throttle({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }: RouteSettings = {}): () => boolean {
  if (rate === undefined || burst === undefined) return () => true;
  let tokens = burst;
  let at = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * rate);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/**
 * The route for a request, by API Gateway's priority: the most literal path, then path variables, then a greedy
 * variable, then `$default`; a route's own method before ANY.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute | undefined {
  const matches = routes.flatMap((route) => {
    const [routeMethod, pattern] = route.key.split(' ');
    if (!pattern || (routeMethod !== 'ANY' && routeMethod !== method)) return [];
    const match = patternOf(pattern).exec(path);
    if (!match) return [];
    const penalty = variables(pattern) * 2 + (pattern.includes('+}') ? 1000 : 0) + (routeMethod === 'ANY' ? 1 : 0);
    return [{ route: { ...route, ...(match.groups && { pathParameters: { ...match.groups } }) }, penalty }];
  });
  matches.sort((a, b) => a.penalty - b.penalty);
  return matches[0]?.route ?? routes.find(({ key }) => key === '$default');
}

const variables = (pattern: string): number => pattern.split('{').length - 1;

function patternOf(pattern: string): RegExp {
  const segments = pattern.split('/').map((segment) => {
    const [, name, greedy] = /^\{(\w+)(\+?)\}$/.exec(segment) ?? [];
    return name ? `(?<${name}>${greedy ? '.+' : '[^/]+'})` : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
