import { Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination, PayloadFormatVersion } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import type { PunctualFunction } from './punctual-function.js';

export interface HttpFrontProps {
  readonly settings: StageSettings;
  readonly handler: PunctualFunction;
}

/**
 * The HTTP API before the api function. It has the `$default` route alone: one permission instead of one per route
 * (which overflow the function's 20 KB policy), and every 404 and 405 is answered by our own router.
 */
export class HttpFront extends Construct {
  /** Base address, without a trailing slash. */
  readonly url: string;
  /** Host name of the address. */
  readonly host: string;
  private readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, { settings, handler }: HttpFrontProps) {
    super(scope, id);
    const httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Function', handler, {
        payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
        timeout: handler.timeout!,
      }),
    });
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.apiRequestsPerSecond, burstLimit: settings.apiBurst },
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLog(settings)), format: accessLogLine() },
    });
    this.url = httpApi.apiEndpoint;
    const { region, urlSuffix } = Stack.of(this);
    this.host = `${httpApi.apiId}.execute-api.${region}.${urlSuffix}`;
    this.httpApi = httpApi;
    Validations.of(httpApi).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The function authenticates: signed requests need the body, which no authorizer sees.',
    });
  }

  requests(): Metric {
    return this.httpApi.metricCount({ statistic: 'Sum' });
  }

  /** Answers with 5xx, the gateway's own too. */
  serverErrors(): Metric {
    return this.httpApi.metricServerError({ statistic: 'Sum' });
  }

  private accessLog(settings: StageSettings): LogGroup {
    return new LogGroup(this, 'AccessLog', {
      retention: settings.logRetentionDays,
      removalPolicy: settings.removal,
    });
  }
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
