import { settingsFor } from '../../../lib/config.js';
import { deployed, EVERY_SETTING, ofType, pointsAt, templateOf } from '../synthesized.js';

const { hostedZone, executeApi, ...names } = EVERY_SETTING.domain;
const all = templateOf(settingsFor('prod', { domain: EVERY_SETTING.domain }));
const without = templateOf(settingsFor('prod', { domain: names }));

const distributionOf = (template: typeof all) =>
  Object.values(ofType(template, 'AWS::CloudFront::Distribution'))[0]!.Properties.DistributionConfig;
const apiOf = (template: typeof all) => Object.values(ofType(template, 'AWS::ApiGatewayV2::Api'))[0]!.Properties;

test.each([all, without])('API and console have their names, from TLS 1.2 on', (template) => {
  expect(
    Object.values(ofType(template, 'AWS::ApiGatewayV2::DomainName')).map(({ Properties }) => Properties),
  ).toMatchObject([
    {
      DomainName: names.apiName,
      DomainNameConfigurations: [
        { CertificateArn: names.certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    },
  ]);
  const [mapping] = Object.values(ofType(template, 'AWS::ApiGatewayV2::ApiMapping'));
  expect(mapping!.Properties).toMatchObject({ Stage: '$default' });
  expect(pointsAt(mapping!.Properties.ApiId)).toBe('FrontHttpApi');
  expect(distributionOf(template)).toMatchObject({
    Aliases: [names.consoleName],
    ViewerCertificate: {
      AcmCertificateArn: names.consoleCertificateArn,
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    },
  });
  expect(template.outputs).toMatchObject({
    ApiUrl: { Value: 'https://api.hooks.example.com' },
    ConsoleUrl: { Value: 'https://console.hooks.example.com/console/' },
  });
});

test('a hosted zone gets the records', () => {
  const records = Object.values(ofType(all, 'AWS::Route53::RecordSet')).map(({ Properties }) => [
    Properties.Name,
    Properties.Type,
    pointsAt(Properties.AliasTarget.DNSName),
    Properties.HostedZoneId,
  ]);
  expect(records.sort()).toEqual([
    ['api.hooks.example.com.', 'A', 'FrontName', hostedZone.id],
    ['console.hooks.example.com.', 'A', 'ConsoleDistribution', hostedZone.id],
    ['console.hooks.example.com.', 'AAAA', 'ConsoleDistribution', hostedZone.id],
  ]);
  expect(Object.keys(all.outputs)).not.toEqual(expect.arrayContaining([expect.stringContaining('Target')]));
});

test('without a hosted zone, outputs say where the names must point', () => {
  expect(Object.values(ofType(without, 'AWS::Route53::RecordSet'))).toEqual([]);
  expect(pointsAt(without.outputs['ApiNameTarget']!.Value)).toBe('FrontName');
  expect(pointsAt(without.outputs['ConsoleNameTarget']!.Value)).toBe('ConsoleDistribution');
});

test('the address of API Gateway answers unless the setting says no, and the distribution calls what answers', () => {
  const originOf = (template: typeof all) =>
    distributionOf(template).Origins.find((origin: { CustomOriginConfig?: object }) => origin.CustomOriginConfig);
  expect(apiOf(all).DisableExecuteApiEndpoint).toBe(executeApi === false);
  expect(originOf(all).DomainName).toBe(names.apiName);
  for (const template of [without, ...deployed]) {
    expect(apiOf(template).DisableExecuteApiEndpoint).toBeUndefined();
    expect(JSON.stringify(originOf(template).DomainName)).toContain('.execute-api.');
  }
});

test('a name of the console alone leaves the API as it is', () => {
  const { consoleName, consoleCertificateArn } = names;
  const template = templateOf(settingsFor('prod', { domain: { consoleName, consoleCertificateArn } }));
  expect(ofType(template, 'AWS::ApiGatewayV2::DomainName')).toEqual({});
  expect(pointsAt(template.outputs['ApiUrl']!.Value)).toBe('FrontHttpApi');
  expect(template.outputs).not.toHaveProperty('ApiNameTarget');
});
