import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { settingsFor } from '../../../lib/config.js';
import { rewritingCode } from '../../../lib/constructs/rewriting.js';
import { deployed, local, ofType, pointsAt, type StageTemplate, templateOf } from '../synthesized.js';

const headersOf = (template: StageTemplate, name: string) =>
  ofType(template, 'AWS::CloudFront::ResponseHeadersPolicy')[name]!.Properties.ResponseHeadersPolicyConfig;

describe.each(deployed)('the console in $stage', (template) => {
  const only = (type: string) => Object.values(ofType(template, type))[0]!.Properties;
  const distribution = only('AWS::CloudFront::Distribution').DistributionConfig;
  const pages = distribution.CacheBehaviors.at(-1);
  const headers = () => headersOf(template, 'ConsoleHeaders');

  test('lies in a bucket that only the distribution reads', () => {
    expect(only('AWS::S3::Bucket').PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const statements = only('AWS::S3::BucketPolicy').PolicyDocument.Statement;
    expect(statements).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' } },
    ]);
    expect(pointsAt(statements[1].Condition.StringEquals['AWS:SourceArn']['Fn::Join'][1].at(-1))).toBe(
      'ConsoleDistribution',
    );
  });

  test('shares its name with the API, which everything reaches, and of which only the documents are cached', () => {
    expect(pages.PathPattern).toBe('/console*');
    expect(distribution.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', // AWS: CachingDisabled
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac', // AWS: AllViewerExceptHostHeader
      ViewerProtocolPolicy: 'https-only',
    });
    expect(distribution.CustomErrorResponses).toBeUndefined();
    const documents = distribution.CacheBehaviors.slice(0, -2);
    expect(documents.map((each: { PathPattern: string }) => each.PathPattern)).toEqual([
      '/docs',
      '/openapi.json',
      '/llms.txt',
    ]);
    for (const behavior of documents) {
      expect(behavior).toMatchObject({
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6', // AWS: CachingOptimized, by the path and Accept-Encoding
        TargetOriginId: distribution.DefaultCacheBehavior.TargetOriginId,
        Compress: true,
      });
      // No policy of the origin request: the origin gets no credential, so that no answer to one can be cached.
      expect(behavior.OriginRequestPolicyId).toBeUndefined();
    }
  });

  test('may do nothing in the browser that it need not', () => {
    const { SecurityHeadersConfig } = headers();
    const policy: string = SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    expect(policy).not.toMatch(/unsafe|data:|\*/);
    expect(SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(730 * 24 * 60 * 60);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(SecurityHeadersConfig.FrameOptions).toEqual({ FrameOption: 'DENY', Override: true });
    expect(pointsAt(pages.ResponseHeadersPolicyId)).toBe('ConsoleHeaders');
  });

  test('shows the documentation from the same bucket, which may run no script but its own files either', () => {
    const docs = distribution.CacheBehaviors.at(-2);
    const { ResponseHeadersPolicyId: id, ...same } = docs;
    expect(same).toEqual({ ...pages, PathPattern: '/docs/*', ResponseHeadersPolicyId: undefined });
    const policies = ofType(template, 'AWS::CloudFront::ResponseHeadersPolicy');
    const { SecurityHeadersConfig } = policies[String(pointsAt(id))]!.Properties.ResponseHeadersPolicyConfig;
    const policy = SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; /);
    expect(policy).not.toMatch(/unsafe-eval|\*|https?:/);
    expect(SecurityHeadersConfig.FrameOptions).toEqual({ FrameOption: 'DENY', Override: true });
  });

  test('has names that another Region can have beside it: those of CloudFront hold for the whole account', () => {
    const name = { 'Fn::Join': ['', [`Punctual-${template.stage}-`, { Ref: 'AWS::Region' }]] };
    expect(headers().Name).toEqual(name);
    expect(only('AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig.Name).toEqual(name);
  });

  test('is one page, whatever its address, beside files with a hash in their name', () => {
    const code: string = only('AWS::CloudFront::Function').FunctionCode;
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(10_240); // CloudFront takes no larger function
    const rewritten = (uri: string) =>
      compileFunction(`${code}; return handler({ request: { uri } }).uri;`, ['uri'])(uri);
    for (const page of ['/console', '/console/', '/console/runs/run_1', '/console/x.js'])
      expect(rewritten(page)).toBe('/console/index.html');
    expect(rewritten('/console/assets/index-abc.js')).toBe('/console/assets/index-abc.js');
    expect(rewritten('/docs/assets/app.1234.js')).toBe('/console/docs/assets/app.1234.js');
  });

  test('answers an address of no page of the documentation with its page of status 404', () => {
    const docs = mkdtempSync(join(tmpdir(), 'punctual-docs-'));
    for (const folder of ['guides', 'assets']) mkdirSync(join(docs, folder));
    for (const name of ['index.html', '404.html', 'favicon.svg', 'guides/verify.html', 'guides/index.html'])
      writeFileSync(join(docs, name), `of ${name}`);
    const answered = (uri: string) =>
      compileFunction(`${rewritingCode(docs)}; return handler({ request: { uri } });`, ['uri'])(uri);
    expect(answered('/docs/')).toEqual({ uri: '/console/docs/index.html' });
    expect(answered('/docs/guides/')).toEqual({ uri: '/console/docs/guides/index.html' });
    expect(answered('/docs/guides/verify')).toEqual({ uri: '/console/docs/guides/verify.html' });
    expect(answered('/docs/favicon.svg')).toEqual({ uri: '/console/docs/favicon.svg' });
    for (const none of ['/docs/guides', '/docs/none', '/docs/guides/none/', '/docs/none.svg', '/docs/../x'])
      expect(answered(none)).toEqual({
        statusCode: 404,
        statusDescription: 'Not Found',
        headers: { 'content-type': { value: 'text/html; charset=utf-8' } },
        body: { encoding: 'text', data: 'of 404.html' },
      });
    rmSync(docs, { recursive: true });
  });

  test('comes with the files that its page names before the page itself', () => {
    const copies = ofType(template, 'Custom::CDKBucketDeployment');
    expect(Object.values(copies).map(({ Properties }) => Properties)).toMatchObject([
      {
        Exclude: ['*'],
        Include: ['assets/*', 'docs/assets/*'],
        SystemMetadata: { 'cache-control': expect.stringContaining('immutable') },
      },
      { Exclude: ['assets/*', 'docs/assets/*'], SystemMetadata: { 'cache-control': 'no-cache' } },
    ]);
    const named = Object.entries(template.resources).find(([id]) => id.startsWith('ConsoleFilesNamed'))![1];
    expect(named).toMatchObject({ DependsOn: expect.arrayContaining([expect.stringMatching(/^ConsoleFilesHashed/)]) });
  });
});

test('pages of the origins that the settings name may embed it, and no others', () => {
  const template = templateOf(
    settingsFor('dev', { portalOrigins: ['https://app.example.com', 'https://b.example:8443'] }),
  );
  const { ContentSecurityPolicy, FrameOptions } = headersOf(template, 'ConsoleHeaders').SecurityHeadersConfig;
  const policy = ContentSecurityPolicy.ContentSecurityPolicy.split('; ');
  expect(policy).toContain('frame-ancestors https://app.example.com https://b.example:8443');
  // It knows no list of origins, and would forbid them all.
  expect(FrameOptions).toBeUndefined();
});

test('it is left out where it is not wanted, and by the local stack, which serves it itself', () => {
  for (const template of [local, templateOf(settingsFor('dev', { console: false }))]) {
    const types = Object.values(template.resources).map(({ Type }) => Type);
    expect(types.filter((type) => /S3|CloudFront|Custom/.test(type))).toEqual([]);
    expect(template.outputs).not.toHaveProperty('ConsoleUrl');
  }
});
