import type { Json } from './assembly.js';

/**
 * What the emulator asks of policies beyond AWS: a secret's `Ref` is its name instead of its ARN, the batch calls of SQS are
 * actions of their own (AWS asks for those of single messages), and all schedules are in the group `default`.
 */
export function asTheEmulatorAsks(template: Json): void {
  const secrets = Object.keys(template.Resources).filter((id) => isA(template, id, 'AWS::SecretsManager::Secret'));
  for (const id of Object.keys(template.Resources)) {
    const resource = withArns(template.Resources[id], new Set(secrets));
    template.Resources[id] = resource;
    if (resource.Type === 'AWS::IAM::Policy') resource.Properties.PolicyDocument.Statement.forEach(widen);
  }
}

const isA = (template: Json, id: string, type: string): boolean => template.Resources[id].Type === type;

function withArns(value: Json, secrets: ReadonlySet<string>): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withArns(each, secrets));
  if (secrets.has(value.Ref)) return { 'Fn::GetAtt': [value.Ref, 'Id'] };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withArns(inner, secrets)]));
}

const BATCHES = ['sqs:SendMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'];

function widen(statement: Json): void {
  const actions: string[] = [statement.Action].flat();
  statement.Action = [...actions, ...BATCHES.filter((one) => actions.includes(one)).map((one) => `${one}Batch`)];
  if (!actions.some((action) => action.startsWith('scheduler:'))) return;
  const group = 'arn:aws:scheduler:*:000000000000:schedule/default/*';
  statement.Resource = [statement.Resource, group].flat();
}
