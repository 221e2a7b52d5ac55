import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
  type UpdateSecretVersionStageCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { type SecretsServer, startSecrets } from '../../../local/secrets/server.js';

let server: SecretsServer;
let client: SecretsManagerClient;
let folder: string;
let journalFile: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  journalFile = join(folder, 'state', 'secrets.json');
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  server = await startSecrets({ journalFile });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SecretsManagerClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

const SETTINGS = { PasswordLength: 64, ExcludePunctuation: true } as const;

const get = (SecretId: string, more: Partial<GetSecretValueCommandInput> = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...more }));

const put = (SecretId: string, SecretString: string, more: Partial<PutSecretValueCommandInput> = {}) =>
  client.send(new PutSecretValueCommand({ SecretId, SecretString, ...more }));

test('a secret is generated once and read by name, ARN and ARN without its suffix', async () => {
  const { arn, value } = server.ensureSecret('punctual/master-key', SETTINGS);
  expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:punctual\/master-key-[0-9a-zA-Z]{6}$/);
  expect(value()).toMatch(/^[0-9a-zA-Z]{64}$/);
  const again = server.ensureSecret('punctual/master-key', { ...SETTINGS, PasswordLength: 10 });
  expect([again.arn, again.value()]).toEqual([arn, value()]);
  for (const id of ['punctual/master-key', arn, arn.slice(0, -7)]) {
    expect(await get(id)).toMatchObject({
      ARN: arn,
      Name: 'punctual/master-key',
      SecretString: value(),
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
  }
});

test('survives a restart in a file that only its owner can read', async () => {
  const { arn, value } = server.ensureSecret('kept', SETTINGS);
  const generated = value();
  expect(statSync(journalFile).mode & 0o777).toBe(0o600);
  expect(readFileSync(journalFile, 'utf8')).toContain(generated);
  await stop();
  await start();
  expect(server.ensureSecret('kept', SETTINGS).arn).toBe(arn);
  expect(await get('kept')).toMatchObject({ SecretString: generated });
});

test('a new value takes AWSCURRENT; the value before has AWSPREVIOUS, and an older one no label', async () => {
  const { arn, value } = server.ensureSecret('rotated', SETTINGS);
  const first = await get('rotated');
  await expect(get('rotated', { VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
  });

  const second = await put('rotated', 'the second');
  expect(second).toMatchObject({ ARN: arn, Name: 'rotated', VersionStages: ['AWSCURRENT'] });
  expect(value()).toBe('the second');
  expect(await get(arn)).toMatchObject({ SecretString: 'the second', VersionId: second.VersionId });
  expect(await get(arn, { VersionStage: 'AWSPREVIOUS' })).toMatchObject({
    SecretString: first.SecretString,
    VersionId: first.VersionId,
    VersionStages: ['AWSPREVIOUS'],
  });

  await put(arn, 'the third');
  expect(await get(arn, { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'the second' });
  const unlabelled = await get(arn, { VersionId: first.VersionId });
  expect(unlabelled).toMatchObject({ SecretString: first.SecretString, VersionStages: [] });
  await expect(get(arn, { VersionId: first.VersionId, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });

  await stop();
  await start();
  expect(await get('rotated')).toMatchObject({ SecretString: 'the third' });
});

test('a repeated put is one version; a label of its own leaves AWSCURRENT where it is', async () => {
  server.ensureSecret('repeated', SETTINGS);
  const ClientRequestToken = '0123456789abcdef0123456789abcdef';
  const once = await put('repeated', 'new', { ClientRequestToken });
  expect(await put('repeated', 'new', { ClientRequestToken })).toMatchObject({ VersionId: once.VersionId });
  await expect(put('repeated', 'other', { ClientRequestToken })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  await put('repeated', 'pending', { VersionStages: ['AWSPENDING'] });
  expect(await get('repeated')).toMatchObject({ SecretString: 'new', VersionId: ClientRequestToken });
  expect(await get('repeated', { VersionStage: 'AWSPENDING' })).toMatchObject({ SecretString: 'pending' });
  for (const wrong of [put('repeated', ''), put('repeated', 'x', { ClientRequestToken: 'short' })])
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('errors carry the names and words of AWS', async () => {
  await expect(get('nowhere')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  server.ensureSecret('x', SETTINGS);
  await expect(get('x', { VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
  });
  await expect(client.send(new CreateSecretCommand({ Name: 'x' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

test('a label is moved from the version that is named, and a version without a label is listed only if asked for', async () => {
  const { arn: SecretId } = server.ensureSecret('master', SETTINGS);
  const { VersionId: first } = await get(SecretId);
  const { VersionId: second } = await put(SecretId, 'the second');
  await put(SecretId, 'the third');
  const move = (change: Partial<UpdateSecretVersionStageCommandInput>) =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'key-1', ...change }));
  const listed = async (IncludeDeprecated?: boolean) =>
    (await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated }))).Versions!.map(
      ({ VersionId }) => VersionId,
    );
  expect(await listed()).not.toContain(first);
  expect(await listed(true)).toContain(first);
  await move({ MoveToVersionId: first });
  expect(await listed()).toContain(first);
  expect((await get(SecretId, { VersionStage: 'key-1' })).VersionId).toBe(first);
  await stop();
  await start();
  await expect(move({ MoveToVersionId: second })).rejects.toThrow('not on the version');
  await expect(move({ MoveToVersionId: 'none' })).rejects.toThrow("can't find");
  await move({ MoveToVersionId: second, RemoveFromVersionId: first });
  expect((await get(SecretId, { VersionStage: 'key-1' })).VersionId).toBe(second);
  await move({ RemoveFromVersionId: second });
  await expect(get(SecretId, { VersionStage: 'key-1' })).rejects.toThrow("can't find");
  for (let n = 0; n < 18; n++) await move({ VersionStage: `label-${n}`, MoveToVersionId: first });
  await expect(move({ MoveToVersionId: first })).rejects.toThrow('20 labels');
});
