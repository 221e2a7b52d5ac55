import { App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { readEnvelope } from '../../../functions/intake/envelope.js';
import type { ApiSettings } from '../../../functions/runtime/api-ports.js';
import { defineStages, type StageSettings, settingsFor } from '../../../lib/config.js';
import { Service } from '../../../lib/service.js';
import { EVERY_SETTING, ofType, type StageTemplate, standInBundles, templateOf } from '../synthesized.js';

const project = 'proj_0199c0de00017000a1b2c3d4e5f60718';
const { encryptionKeyArn, buses } = EVERY_SETTING;

const bundles = standInBundles();

/** What a stack of the user's makes with the construct. */
function stackOf(settings: Partial<StageSettings>, use: (service: Service, stack: Stack) => void): StageTemplate {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  use(
    new Service(stack, 'Punctual', { settings: settingsFor('dev', { console: false, ...settings }), bundles }),
    stack,
  );
  const { Resources: resources } = app.synth().getStackByName('Shop').template;
  return { stage: 'dev', resources, outputs: {} };
}

const callerAt = (name: string) => ({ ...EVERY_SETTING.iamCallers[0], arn: `arn:aws:iam::123456789012:${name}` });
const roleIn = (stack: Stack) => new Role(stack, 'Shop', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

test('grantPublish lets a role send to the queue, and use the key of the stage', () => {
  const template = stackOf({ intake: true, encryptionKeyArn }, (service, stack) => {
    service.grantPublish(roleIn(stack));
    expect(service.intakeQueue!.node.id).toBe('Queue');
  });
  const { Statement } = ofType(template, 'AWS::IAM::Policy')['ShopDefaultPolicy']!.Properties.PolicyDocument;
  expect(Statement).toMatchObject([
    { Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'] },
    { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: encryptionKeyArn },
  ]);
});

test('without the setting there is nothing to grant', () => {
  stackOf({}, (service, stack) => {
    expect(service.intakeQueue).toBeUndefined();
    expect(() => service.grantPublish(roleIn(stack))).toThrow('without the setting intake: true');
    expect(() => service.grantCall(new ServicePrincipal('lambda.amazonaws.com'))).toThrow(
      'without the setting iamCallers',
    );
    const bus = EventBus.fromEventBusName(stack, 'Bus', 'orders');
    expect(() => service.eventsFrom('Orders', bus, { source: ['shop'] }, project)).toThrow('intake: true');
  });
});

test('a rule sends its events to the queue, in a form that the function reads', () => {
  const rules = Object.values(ofType(templateOf(settingsFor('prod', { intake: true, buses })), 'AWS::Events::Rule'));
  const [onDefault, onOrders] = rules.filter(({ Properties }) => Properties.EventPattern);
  expect(onDefault!.Properties).toMatchObject({ EventBusName: 'default', EventPattern: { source: ['aws.ec2'] } });
  expect(onOrders!.Properties).toMatchObject({
    EventBusName: 'orders',
    EventPattern: { 'detail-type': ['Order Paid'], detail: { total: [{ numeric: ['>', 100] }] } },
    Targets: [{ SqsParameters: { MessageGroupId: project }, DeadLetterConfig: expect.anything() }],
  });
  const { InputTemplate } = onOrders!.Properties.Targets[0].InputTransformer;
  const event = { version: '0', id: 'e-1', 'detail-type': 'Order Paid', source: 'shop', time: 'now', detail: { n: 1 } };
  const sent = InputTemplate.replace('<aws.events.event.json>', JSON.stringify(event));
  expect(readEnvelope(sent, {} as ApiSettings)).toMatchObject({
    project,
    key: 'e-1',
    body: '{"event_name":"Order_Paid","payload":{"n":1}}',
  });
});

test.each([
  ['its rule alone', {}, 'ArnEquals'],
  [
    'the account alone, since a queue under a key of the user is not told the rule',
    { encryptionKeyArn },
    'StringEquals',
  ],
])('the queue takes messages of EventBridge from %s', (_whom, settings, condition) => {
  const template = templateOf(settingsFor('prod', { intake: true, buses: [buses[0]], ...settings }));
  for (const name of ['IntakeQueuePolicy', 'IntakeDlqPolicy']) {
    const { Statement } = ofType(template, 'AWS::SQS::QueuePolicy')[name]!.Properties.PolicyDocument;
    const bySend = Statement.filter(({ Principal }: { Principal: { Service?: string } }) => Principal.Service);
    expect(bySend).toMatchObject([
      { Principal: { Service: 'events.amazonaws.com' }, Condition: { [condition]: expect.anything() } },
    ]);
  }
});

test('callers by a signature of IAM have a path of their own, which takes nothing else', () => {
  const { iamCallers } = EVERY_SETTING;
  const template = stackOf({ iamCallers }, (service, stack) => void service.grantCall(roleIn(stack)));
  const routes = Object.values(ofType(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);
  const signed = routes.filter(({ AuthorizationType }) => AuthorizationType === 'AWS_IAM');
  expect(signed).toMatchObject([{ RouteKey: 'ANY /iam/{proxy+}' }]);
  const { Statement } = ofType(template, 'AWS::IAM::Policy')['ShopDefaultPolicy']!.Properties.PolicyDocument;
  expect(JSON.stringify(Statement)).toMatch(/execute-api:Invoke.*\/iam\/\*/);
  const names = Object.keys(ofType(template, 'AWS::Lambda::Function'));
  const api = ofType(template, 'AWS::Lambda::Function')[names.find((name) => name.endsWith('Api'))!]!;
  const told = JSON.parse(api.Properties.Environment.Variables.IAM_CALLERS);
  expect(told).toEqual([[iamCallers[0].arn, project, 'read', 'publish']]);
});

test.each([
  ['a caller twice, by another path', { iamCallers: [0, 1].map((n) => callerAt(`role/${n}/shop`)) }, 'twice'],
  ['a session in place of its role', { iamCallers: [callerAt('assumed-role/shop/x')] }, 'the ARN of a role or a user'],
  ['root', { iamCallers: [callerAt('root')] }, 'the ARN of a role or a user'],
  [
    'more than fits',
    { iamCallers: Array.from({ length: 30 }, (_, n) => callerAt(`role/shop${n}`)) },
    '2,000 characters',
  ],
  ['buses without an intake', { buses }, 'needs the setting intake: true'],
  ['a pattern that matches all', { intake: true, buses: [{ ...buses[0], pattern: {} }] }, 'must say what it matches'],
  ['no project', { intake: true, buses: [{ ...buses[0], project: 'billing' }] }, 'must be the id of a project'],
])('%s cannot be deployed', (_what, settings, why) => {
  expect(() => defineStages({ dev: { preset: 'dev', ...settings } })).toThrow(why);
});
