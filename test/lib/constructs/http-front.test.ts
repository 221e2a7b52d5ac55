import { version } from '../../../package.json';
import { deployed, ofType, pointsAt } from '../synthesized.js';

describe.each(deployed)('HTTP API of $stage', (template) => {
  const only = (type: string) => {
    const found = Object.values(ofType(template, type));
    expect(found).toHaveLength(1);
    return found[0]?.Properties;
  };

  test('sends every path to the api function, in payload format 2.0', () => {
    expect(only('AWS::ApiGatewayV2::Api')).toMatchObject({ ProtocolType: 'HTTP' });
    expect(only('AWS::ApiGatewayV2::Route').RouteKey).toBe('$default');
    const integration = only('AWS::ApiGatewayV2::Integration');
    expect(integration).toMatchObject({ PayloadFormatVersion: '2.0', TimeoutInMillis: 29_000 });
    expect(pointsAt(integration.IntegrationUri)).toBe('Api');
  });

  test('needs one permission, so that the function policy never overflows its 20 KB', () => {
    const permissions = Object.values(ofType(template, 'AWS::Lambda::Permission'));
    const onApi = permissions.filter(({ Properties }) => pointsAt(Properties.FunctionName) === 'Api');
    expect(onApi.map(({ Properties }) => Properties.Principal)).toEqual(['apigateway.amazonaws.com']);
    expect(JSON.stringify(onApi[0]?.Properties.SourceArn)).toContain('FrontHttpApi');
  });

  test('says how much it takes, and logs to a group of its own without queries and headers', () => {
    const stage = only('AWS::ApiGatewayV2::Stage');
    const [ThrottlingRateLimit, ThrottlingBurstLimit] = template.stage === 'prod' ? [2_000, 4_000] : [100, 200];
    expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true });
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit, ThrottlingBurstLimit });
    expect(pointsAt(stage.AccessLogSettings.DestinationArn)).toBe('FrontAccessLog');
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({
      status: '$context.status',
      path: '$context.path',
    });
    expect(stage.AccessLogSettings.Format).not.toMatch(/query|header|authorizer/i);
  });

  test('is an output of the stack, with what an operator needs first', () => {
    const told = Object.entries(template.outputs).map(([name, { Value }]) => [name, pointsAt(Value)]);
    expect(Object.fromEntries(told)).toEqual({
      Version: version,
      ApiUrl: 'FrontHttpApi',
      ConsoleUrl: expect.anything(),
      OperatorSecretArn: 'SecretsOperator',
      DeadLettersQueueUrl: 'DeadLetters',
      ReplayQueueUrl: 'Replay',
      AlarmTopicArn: 'MonitoringTopic',
    });
    expect(template.outputs['ApiUrl']?.Value).toMatchObject({ 'Fn::GetAtt': [expect.anything(), 'ApiEndpoint'] });
  });
});
