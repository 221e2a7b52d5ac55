import { leaveOut } from './leave-out.js';
import { LACKING } from './shortcomings.js';

const alarm = (properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: properties });

test('alarms on metric math go, with whatever refers to them, however deep; all else stays', () => {
  const template = {
    Resources: {
      Math: alarm({ Metrics: [] }),
      Plain: alarm({ MetricName: 'x' }),
      Both: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { Rule: { 'Fn::Join': ['', [{ Ref: 'Math' }]] } } },
      After: { Type: 'AWS::SNS::Topic', DependsOn: ['Both'], Properties: {} },
      Elsewhere: { Type: 'AWS::SNS::Topic', Properties: { Name: { 'Fn::GetAtt': ['Plain', 'Arn'] } } },
    },
    Outputs: { Gone: { Value: { 'Fn::GetAtt': ['After', 'Arn'] } }, Here: { Value: { Ref: 'Plain' } } },
  };
  expect(leaveOut(template, (resource) => LACKING.some(({ isIt }) => isIt(resource)))).toEqual([
    'Math',
    'Both',
    'After',
  ]);
  expect(Object.keys(template.Resources)).toEqual(['Plain', 'Elsewhere']);
  expect(Object.keys(template.Outputs)).toEqual(['Here']);
});

test('what the stack is about never goes', () => {
  const Environment = { Variables: { TOPIC: { Ref: 'Topic' } } };
  const template = {
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      Api: { Type: 'AWS::Lambda::Function', Properties: { Environment } },
    },
  };
  expect(() => leaveOut(template, ({ Type }) => Type === 'AWS::SNS::Topic')).toThrow('Api cannot be left out');
});
