import { Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  type CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { type Domain, nameOf, type StageSettings } from '../config.js';
import { OwnName } from './own-name.js';
import type { PunctualFunction } from './punctual-function.js';

export interface HttpFrontProps {
  readonly settings: StageSettings;
  readonly handler: PunctualFunction;
}

/** The routes that sign in. */
const SIGN_IN = [
  [HttpMethod.POST, '/v1/sessions'],
  [HttpMethod.GET, '/v1/sign-in'],
  [HttpMethod.POST, '/v1/sign-in'],
  [HttpMethod.GET, '/v1/sign-in/callback'],
] as const;
/** The routes that need no credential. */
const PUBLIC = [
  [HttpMethod.GET, '/docs'],
  [HttpMethod.GET, '/openapi.json'],
  [HttpMethod.GET, '/llms.txt'],
  [HttpMethod.GET, '/v1/healthz'],
  ...SIGN_IN,
] as const;

/**
 * The HTTP API before the api function. Every path but those of `PUBLIC` takes the `$default` route, so that every 404
 * and 405 is answered by our own router. Each public route has a throttle of its own: a flood of requests without a
 * credential is refused before it takes the function's concurrency, or the throttle of requests that have one. One
 * permission is for all routes: one for each would overflow the function's 20 KB policy.
 */
export class HttpFront extends Construct {
  /** Base address, without a trailing slash. */
  readonly url: string;
  /** Host name of an address that the distribution can call: the name that API Gateway gives, if it answers. */
  readonly host: string;
  /** Where a name of the user's must point, if no hosted zone makes it. */
  readonly target: string | undefined;
  private readonly httpApi: HttpApi;
  /** Takes what IAM has let in, if the settings name callers. */
  private readonly signed: HttpRoute | undefined;

  constructor(scope: Construct, id: string, { settings, handler }: HttpFrontProps) {
    super(scope, id);
    const { domain } = settings;
    const integration = new HttpLambdaIntegration('Function', handler, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      timeout: handler.timeout!,
      scopePermissionToRoute: false,
    });
    const httpApi = new HttpApi(this, 'HttpApi', {
      apiName: nameOf(settings),
      createDefaultStage: false,
      defaultIntegration: integration,
      ...(domain?.executeApi === false && { disableExecuteApiEndpoint: true }),
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.apiRequestsPerSecond, burstLimit: settings.apiBurst },
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLog(settings)), format: accessLogLine() },
    });
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = {
      ...throttled(PUBLIC, settings.publicRequestsPerSecond, settings.publicBurst),
      ...throttled(SIGN_IN, settings.signInRequestsPerSecond, settings.signInBurst),
    };
    // A stage is refused if it has settings of a route that does not exist yet.
    for (const [method, path] of PUBLIC)
      stage.node.addDependency(...httpApi.addRoutes({ path, methods: [method], integration }));
    if (settings.iamCallers)
      [this.signed] = httpApi.addRoutes({ path: '/iam/{proxy+}', integration, authorizer: new HttpIamAuthorizer() });
    const { region, urlSuffix } = Stack.of(this);
    const { apiName } = domain ?? {};
    this.target = domain && apiName && this.named(apiName, domain, httpApi, stage);
    this.url = apiName ? `https://${apiName}` : httpApi.apiEndpoint;
    this.host =
      apiName && domain?.executeApi === false ? apiName : `${httpApi.apiId}.execute-api.${region}.${urlSuffix}`;
    this.httpApi = httpApi;
    Validations.of(httpApi).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The function authenticates: signed requests need the body, which no authorizer sees.',
    });
  }

  /** @throws unless the settings name callers */
  grantCall(grantee: IGrantable): Grant {
    if (!this.signed) throw new Error('grantCall: there is no path for IAM without the setting iamCallers');
    return this.signed.grantInvoke(grantee);
  }

  requests(): Metric {
    return this.httpApi.metricCount({ statistic: 'Sum' });
  }

  /** Milliseconds from request to answer. */
  latency(statistic: string): Metric {
    return this.httpApi.metricLatency({ statistic });
  }

  /** Answers with 5xx, the gateway's own too. */
  serverErrors(): Metric {
    return this.httpApi.metricServerError({ statistic: 'Sum' });
  }

  /** Gives the API a name, and answers where the name must point, if no hosted zone says it. */
  private named(apiName: string, domain: Domain, api: HttpApi, stage: HttpStage): string | undefined {
    const domainName = new DomainName(this, 'Name', {
      domainName: apiName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn!),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new ApiMapping(this, 'Mapping', { api, domainName, stage });
    if (!domain.hostedZone) return domainName.regionalDomainName;
    const target = new ApiGatewayv2DomainProperties(domainName.regionalDomainName, domainName.regionalHostedZoneId);
    new OwnName(this, 'Records', apiName, domain.hostedZone, target, 'IPv4');
    return undefined;
  }

  private accessLog(settings: StageSettings): LogGroup {
    return new LogGroup(this, 'AccessLog', {
      retention: settings.logRetentionDays,
      removalPolicy: settings.removal,
    });
  }
}

function throttled(routes: readonly (readonly [HttpMethod, string])[], rate: number, burst: number) {
  const throttle = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst };
  return Object.fromEntries(routes.map(([method, path]) => [`${method} ${path}`, throttle]));
}

/** The line has neither query strings nor headers: both may carry values that do not belong in a log. */
function accessLogLine(): AccessLogFormat {
  const fields = {
    request_id: '$context.requestId',
    ip: '$context.identity.sourceIp',
    status: '$context.status',
    latency_ms: '$context.responseLatency',
    method: '$context.httpMethod',
    path: '$context.path',
    error: '$context.integrationErrorMessage',
  };
  return AccessLogFormat.custom(JSON.stringify(fields));
}
