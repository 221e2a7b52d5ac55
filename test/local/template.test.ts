import { physicalResources } from '../../local/physical-resources.js';
import { findLogicalId, type PhysicalResources, resolve, resourcesOf } from '../../local/template.js';

const physical: PhysicalResources = new Map([
  ['Jobs', { ref: 'http://q/jobs', attributes: { Arn: 'arn:aws:sqs:us-east-1:000000000000:jobs' } }],
  ['Role', { ref: 'role', attributes: {} }],
]);

describe('resolve', () => {
  test.each<[string, unknown, unknown]>([
    ['a Ref', { Ref: 'Jobs' }, 'http://q/jobs'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Jobs', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Jobs.Arn' }, 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    ['Join over others', { 'Fn::Join': ['/', ['integrations', { Ref: 'Role' }]] }, 'integrations/role'],
    ['Select of Split', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Jobs', 'Arn'] }] }] }, 'jobs'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders.
    ['Sub', { 'Fn::Sub': '${AWS::AccountId}-${Jobs.Arn}-${!Kept}' }, `000000000000-${arnOfJobs()}-\${Kept}`],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders.
    ['Sub with a map', { 'Fn::Sub': ['${Own}/x', { Own: { Ref: 'Role' } }] }, 'role/x'],
    ['NoValue in an object', { kept: 1, dropped: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
    ['NoValue in a list', [1, { Ref: 'AWS::NoValue' }], [1]],
    [
      'plain values',
      { a: [true, null, 2], Ref: 'no intrinsic', other: 1 },
      { a: [true, null, 2], Ref: 'no intrinsic', other: 1 },
    ],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, physical)).toEqual(expected);
  });

  test.each<[unknown, string]>([
    [{ Env: { URL: { Ref: 'Nobody' } } }, 'template.Env.URL: cannot resolve Ref Nobody'],
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'cannot resolve Fn::GetAtt Role.Arn'],
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue is not supported locally'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders.
    [{ 'Fn::Sub': 'a ${Nobody.Arn}' }, 'cannot resolve Fn::GetAtt Nobody.Arn'],
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select has no item 3'],
    ['{{resolve:secretsmanager:x}}', 'dynamic references are not supported locally'],
  ])('names what it cannot resolve: %j', (value, message) => {
    expect(() => resolve(value, physical)).toThrow(message);
  });
});

test('physical names follow from the template and the servers', () => {
  const template = {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue' },
      Named: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] } },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shown' } },
      Redriven: {
        Type: 'AWS::SQS::Queue',
        Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, maxReceiveCount: 3 } },
      },
    },
  };
  const names = physicalResources(template, { sqs: 'http://sqs', api: 'http://api' });
  expect(names.get('Jobs')?.ref).toBe('http://sqs/000000000000/Jobs');
  expect(names.get('Named')?.attributes?.['Arn']).toBe('arn:aws:sqs:us-east-1:000000000000:a-us-east-1');
  expect(names.get('Api')).toEqual({ ref: 'Api', attributes: { ApiId: 'Api', ApiEndpoint: 'http://api' } });
  expect(resourcesOf(template, names, 'AWS::SQS::Queue').at(-1)).toEqual({
    logicalId: 'Redriven',
    properties: {
      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:Jobs', maxReceiveCount: 3 },
    },
  });
});

test('findLogicalId prefers the exact name, then the ending, and refuses what is ambiguous', () => {
  const ids = ['FastLaneQueue0A1B2C3D', 'FastLaneDlq0A1B2C3D', 'SlowLaneDlq0A1B2C3D', 'DeadLetters0A1B2C3D'];
  const Resources = Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::SQS::Queue' }]));
  const find = (part: string) => findLogicalId({ Resources }, 'AWS::SQS::Queue', part);
  expect(find('DeadLetters')).toBe('DeadLetters0A1B2C3D');
  expect(find('Queue')).toBe('FastLaneQueue0A1B2C3D');
  expect(find('Slow')).toBe('SlowLaneDlq0A1B2C3D');
  expect(() => find('Dlq')).toThrow('not exactly one');
  expect(() => find('Nothing')).toThrow('not exactly one');
});

function arnOfJobs(): string {
  return 'arn:aws:sqs:us-east-1:000000000000:jobs';
}
