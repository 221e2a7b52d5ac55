import { asTheEmulatorAsks } from './emulated-policies.js';

const policy = (...Statement: object[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement } },
});

test('policies get what the emulator asks beyond AWS, where they allow the same already, and nothing else', () => {
  const queue = { 'Fn::GetAtt': ['Lane', 'Arn'] };
  const template = {
    Resources: {
      Master: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
      Policy: policy(
        { Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'Master' } },
        { Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'], Resource: queue },
        { Action: 'scheduler:CreateSchedule', Resource: 'arn:…:schedule/Punctual-dev-wake-ups/*' },
      ),
    },
  };
  asTheEmulatorAsks(template);
  expect(template.Resources.Policy).toEqual(
    policy(
      { Action: ['secretsmanager:GetSecretValue'], Resource: { 'Fn::GetAtt': ['Master', 'Id'] } },
      { Action: ['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:SendMessageBatch'], Resource: queue },
      {
        Action: ['scheduler:CreateSchedule'],
        Resource: ['arn:…:schedule/Punctual-dev-wake-ups/*', 'arn:aws:scheduler:*:000000000000:schedule/default/*'],
      },
    ),
  );
});
