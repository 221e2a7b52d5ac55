import { routes } from '../../../functions/api/routes/routes.js';
import { settingsFor } from '../../../lib/config.js';
import { version } from '../../../package.json';
import { deployed, ofType, pointsAt, templateOf } from '../synthesized.js';

/** Rows of the API that take no credential. */
const PUBLIC = routes.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`);

describe.each(deployed)('HTTP API of $stage', (template) => {
  const only = (type: string) => {
    const found = Object.values(ofType(template, type));
    expect(found).toHaveLength(1);
    return found[0]?.Properties;
  };

  test('sends every path to the api function, in payload format 2.0', () => {
    expect(only('AWS::ApiGatewayV2::Api')).toMatchObject({ ProtocolType: 'HTTP' });
    const keys = Object.values(ofType(template, 'AWS::ApiGatewayV2::Route')).map(
      ({ Properties }) => Properties.RouteKey,
    );
    expect(keys.sort()).toEqual(['$default', ...PUBLIC].sort());
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

  test('has a throttle of its own for each route without a credential, set when the route is there', () => {
    const [[id, stage] = []] = Object.entries(template.resources).filter(
      ([, { Type }]) => Type === 'AWS::ApiGatewayV2::Stage',
    );
    const documents = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
    // A flood that fills these keeps persons from signing in.
    const signIn = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };
    const throttleOf = (key: string) => (/sessions|sign-in/.test(key) ? signIn : documents);
    expect(stage?.Properties.RouteSettings).toEqual(Object.fromEntries(PUBLIC.map((key) => [key, throttleOf(key)])));
    const before = (template.resources[id!] as { DependsOn?: string[] }).DependsOn ?? [];
    const routes = before.map((name) => template.resources[name]?.Properties.RouteKey).filter(Boolean);
    expect(routes.sort()).toEqual([...PUBLIC].sort());
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
      UrgentTopicArn: 'MonitoringUrgent',
      NoticesTopicArn: 'MonitoringNotices',
      RollbackAlarmArns: expect.anything(),
    });
    expect(template.outputs['ApiUrl']?.Value).toMatchObject({ 'Fn::GetAtt': [expect.anything(), 'ApiEndpoint'] });
  });
});

test('the api function keeps concurrency for itself, and the distribution has a web ACL, where the stage says so', () => {
  const webAclArn = `arn:aws:wafv2:us-east-1:111122223333:global/webacl/punctual/${'0'.repeat(8)}`;
  const asked = templateOf(settingsFor('prod', { apiReservedConcurrency: 50, webAclArn }));
  const reserved = ({ resources }: typeof asked) =>
    Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .flatMap(({ Properties }) => Properties.ReservedConcurrentExecutions ?? []);
  const webAcls = ({ resources }: typeof asked) =>
    Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::CloudFront::Distribution')
      .map(({ Properties }) => Properties.DistributionConfig.WebACLId);
  expect([reserved(asked), webAcls(asked)]).toEqual([[50], [webAclArn]]);
  for (const template of deployed) expect([reserved(template), webAcls(template)]).toEqual([[], [undefined]]);
});
