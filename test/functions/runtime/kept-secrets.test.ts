import {
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { createKeyring } from '../../../functions/primitives/encryption.js';
import { keepSecrets, MOST_KEPT } from '../../../functions/runtime/kept-secrets.js';
import { type SecretsServer, startSecrets } from '../../../local/secrets/server.js';

let server: SecretsServer;
let client: SecretsManagerClient;
let SecretId: string;

beforeEach(async () => {
  server = await startSecrets();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SecretsManagerClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  SecretId = server.ensureSecret('master', { PasswordLength: 43, ExcludePunctuation: true }).arn;
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const put = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString }));
const labelOf = (secret: string) => `key-${createKeyring(secret)[0].id}`;

/** All labels, of the newest version first. */
async function labels(): Promise<string[]> {
  const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }));
  return Versions.reverse().flatMap(({ VersionStages = [] }) => VersionStages);
}

test('each version gets a label once, those without any label too', async () => {
  await put('b');
  await put('c');
  await put('d');
  await keepSecrets(client, SecretId);
  const given = await labels();
  expect(given).toEqual(expect.arrayContaining(['d', 'c', 'b'].map(labelOf)));
  expect(given.filter((label) => label.startsWith('key-'))).toHaveLength(4);
  await keepSecrets(client, SecretId);
  expect(await labels()).toEqual(given);
});

test('the same secret, put again, needs no second label', async () => {
  await put('b');
  await keepSecrets(client, SecretId);
  await put('c');
  await put('b');
  await keepSecrets(client, SecretId);
  await keepSecrets(client, SecretId);
  expect((await labels()).filter((label) => label === labelOf('b'))).toHaveLength(1);
});

test('the newest stay, beside labels of the operator: Secrets Manager takes twenty labels', async () => {
  const { VersionId: MoveToVersionId } = await put('s0');
  for (const VersionStage of ['mine', 'mine-too'])
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, MoveToVersionId }));
  for (let n = 1; n <= MOST_KEPT + 3; n++) {
    await put(`s${n}`);
    await keepSecrets(client, SecretId);
  }
  const kept = Array.from({ length: MOST_KEPT }, (_, n) => labelOf(`s${MOST_KEPT + 3 - n}`));
  const all = await labels();
  expect(all.filter((label) => label.startsWith('key-'))).toEqual(kept);
  expect(all).toEqual(expect.arrayContaining(['mine', 'mine-too']));
});
