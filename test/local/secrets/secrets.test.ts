import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
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

const get = (SecretId: string, more: Partial<GetSecretValueCommandInput> = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...more }));

test('a secret is generated once and read by name, ARN and ARN without its suffix', async () => {
  const { arn, value } = server.ensureSecret('punctual/master-key', { PasswordLength: 64, ExcludePunctuation: true });
  expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:punctual\/master-key-[0-9a-zA-Z]{6}$/);
  expect(value()).toMatch(/^[0-9a-zA-Z]{64}$/);
  const again = server.ensureSecret('punctual/master-key', { PasswordLength: 10 });
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
  const { arn, value } = server.ensureSecret('kept', {});
  await client.send(new PutSecretValueCommand({ SecretId: 'kept', SecretString: 'mine' }));
  expect(value()).toBe('mine');
  expect(statSync(journalFile).mode & 0o777).toBe(0o600);
  expect(readFileSync(journalFile, 'utf8')).toContain('mine');
  await stop();
  await start();
  expect(server.ensureSecret('kept', {}).arn).toBe(arn);
  expect(await get('kept')).toMatchObject({ SecretString: 'mine' });
});

test('a new value becomes current, the old one previous, the one before is gone', async () => {
  const first = server.ensureSecret('rotated', {}).value();
  const { VersionId: firstId } = await get('rotated');
  const put = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString }));
  await put('second');
  expect(await get('rotated', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: first });
  expect(await get('rotated', { VersionId: firstId })).toMatchObject({ VersionStages: ['AWSPREVIOUS'] });
  const { VersionId: thirdId } = await put('third');
  expect(await get('rotated')).toMatchObject({ SecretString: 'third', VersionId: thirdId });
  expect(await get('rotated', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'second' });
  await expect(get('rotated', { VersionId: firstId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'rotated' }));
  expect(Object.values(VersionIdsToStages!).sort()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
});

test('a pending version does not touch the current one, and a repeated call is one version', async () => {
  const current = server.ensureSecret('pending', {}).value();
  const ClientRequestToken = '11111111-2222-3333-4444-555555555555';
  const put = (SecretString: string) =>
    client.send(
      new PutSecretValueCommand({
        SecretId: 'pending',
        SecretString,
        ClientRequestToken,
        VersionStages: ['AWSPENDING'],
      }),
    );
  await put('next');
  await put('next');
  expect(await get('pending')).toMatchObject({ SecretString: current });
  expect(await get('pending', { VersionStage: 'AWSPENDING' })).toMatchObject({ VersionId: ClientRequestToken });
  await expect(put('other')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('binary values come back as bytes', async () => {
  server.ensureSecret('binary', {});
  const SecretBinary = Uint8Array.from([0, 255, 128]);
  await client.send(new PutSecretValueCommand({ SecretId: 'binary', SecretBinary }));
  const { SecretBinary: read, SecretString } = await get('binary');
  expect([...read!]).toEqual([...SecretBinary]);
  expect(SecretString).toBeUndefined();
});

test('lists by name, page by page', async () => {
  for (const name of ['b2', 'a1', 'b1', 'b3']) server.ensureSecret(name, {});
  const list = (NextToken?: string) =>
    client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['b'] }], MaxResults: 2, NextToken }));
  const first = await list();
  const second = await list(first.NextToken);
  expect([first, second].map(({ SecretList }) => SecretList!.map(({ Name }) => Name))).toEqual([['b1', 'b2'], ['b3']]);
  expect(second.NextToken).toBeUndefined();
});

test('errors carry the names and words of AWS', async () => {
  await expect(get('nowhere')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  server.ensureSecret('x', {});
  await expect(get('x', { VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
  });
  await expect(client.send(new PutSecretValueCommand({ SecretId: 'x' }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  await expect(client.send(new CreateSecretCommand({ Name: 'x' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});
