import {
  type GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createKeyring, DecryptionError, encrypt, keyIdOf } from '../../../functions/primitives/encryption.js';
import { keepSecrets } from '../../../functions/runtime/kept-secrets.js';
import { createSecrets } from '../../../functions/runtime/secrets.js';
import { type SecretsServer, startSecrets } from '../../../local/secrets/server.js';

const MINUTE = 60_000;
const LIFETIME = 5 * MINUTE;

let server: SecretsServer;
let client: SecretsManagerClient;
let arns: { master: string; operator: string };
/** What Secrets Manager was asked for: the labels, in order. */
let asked: (string | undefined)[];
let isDown: boolean;
let now: number;

beforeEach(async () => {
  server = await startSecrets();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SecretsManagerClient({ endpoint: server.url, region: 'us-east-1', credentials });
  const make = (name: string) => server.ensureSecret(name, { PasswordLength: 43, ExcludePunctuation: true }).arn;
  arns = { master: make('master'), operator: make('operator') };
  asked = [];
  isDown = false;
  now = Date.now();
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

/** An execution environment's secrets. */
function environment() {
  const watched = {
    send: (command: GetSecretValueCommand) => {
      if (isDown) return Promise.reject(new Error('ThrottlingException'));
      asked.push(command.input.VersionStage);
      return client.send(command);
    },
  };
  return createSecrets(watched as unknown as SecretsManagerClient, arns, LIFETIME, () => now);
}

const rotate = (SecretId: string, SecretString: string) =>
  client.send(new PutSecretValueCommand({ SecretId, SecretString }));

test('a secret is read once in its lifetime, and the one before it only when there is another', async () => {
  const secrets = environment();
  const text = await secrets.encrypt('x', 'ep_1');
  await Promise.all([secrets.decrypt(text, 'ep_1'), secrets.decrypt(text, 'ep_1')]);
  expect(asked).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  now += LIFETIME;
  expect(await secrets.decrypt(text, 'ep_1')).toBe('x');
  expect(asked).toEqual(['AWSCURRENT', 'AWSPREVIOUS', 'AWSCURRENT']);
});

test('a new master secret encrypts within a lifetime; what the old one encrypted is still read', async () => {
  const secrets = environment();
  const old = await secrets.encrypt('x', 'ep_1');
  await rotate(arns.master, 'the second');
  expect(keyIdOf(await secrets.encrypt('y', 'ep_1'))).toBe(keyIdOf(old));
  now += LIFETIME;
  expect(keyIdOf(await secrets.encrypt('y', 'ep_1'))).toBe(createKeyring('the second')[0].id);
  expect(await secrets.decrypt(old, 'ep_1')).toBe('x');
  expect(await environment().decrypt(old, 'ep_1')).toBe('x');
});

test('what a secret before the last two encrypted is read, if the secret was kept', async () => {
  const secrets = environment();
  const first = await secrets.encrypt('x', 'run_1');
  await keepSecrets(client, arns.master);
  await rotate(arns.master, 'the second');
  const second = await environment().encrypt('y', 'run_2');
  // In a row, with no round of the reconciler in between.
  await rotate(arns.master, 'the third');
  await rotate(arns.master, 'the fourth');
  now += LIFETIME;
  for (const each of [secrets, environment()]) {
    expect(await each.decrypt(first, 'run_1')).toBe('x');
    await expect(each.decrypt(second, 'run_2')).rejects.toThrow(DecryptionError);
    expect(keyIdOf(await each.encrypt('z', 'ep_1'))).toBe(createKeyring('the fourth')[0].id);
  }
  await keepSecrets(client, arns.master);
  now += 5_000;
  expect(await secrets.decrypt(second, 'run_2')).toBe('y');
  asked = [];
  for (let n = 0; n < 10; n++) await secrets.decrypt(n % 2 ? first : second, n % 2 ? 'run_1' : 'run_2');
  expect(asked).toEqual([]);
});

test('a text under a newer secret, from another environment, is read when its message comes back', async () => {
  const early = environment();
  await early.encrypt('x', 'ep_1');
  await rotate(arns.master, 'the second');
  const newer = await environment().encrypt('y', 'ep_1');
  await expect(early.decrypt(newer, 'ep_1')).rejects.toThrow(DecryptionError);
  now += 5_000;
  expect(await early.decrypt(newer, 'ep_1')).toBe('y');
});

test('texts that no secret opens ask Secrets Manager two hundred times in a lifetime at most', async () => {
  const secrets = environment();
  await secrets.encrypt('x', 'ep_1');
  const lost = encrypt(createKeyring('long gone'), 'x', 'ep_1');
  asked = [];
  for (let tries = 0; tries < 300; tries++) {
    await expect(secrets.decrypt(lost, 'ep_1')).rejects.toThrow(DecryptionError);
    now += LIFETIME / 300;
  }
  expect(asked.length).toBeGreaterThanOrEqual(196);
  expect(asked.length).toBeLessThanOrEqual(200);
});

test('while Secrets Manager fails, the old master secret encrypts for five lifetimes, and decrypts without end', async () => {
  const secrets = environment();
  const text = await secrets.encrypt('x', 'ep_1');
  isDown = true;
  now += LIFETIME * 5 - 1;
  expect(await secrets.decrypt(await secrets.encrypt('y', 'ep_1'), 'ep_1')).toBe('y');
  now += 1;
  await expect(secrets.encrypt('z', 'ep_1')).rejects.toThrow('ThrottlingException');
  now += 100 * LIFETIME;
  expect(await secrets.decrypt(text, 'ep_1')).toBe('x');
  isDown = false;
  await secrets.encrypt('z', 'ep_1');
  expect(asked).toEqual(['AWSCURRENT', 'AWSPREVIOUS', 'AWSCURRENT']);
});

test('a replaced operator key ends within a minute, or within five while Secrets Manager fails', async () => {
  const secrets = environment();
  const old = await secrets.operatorKey();
  await rotate(arns.operator, 'the new key');
  now += MINUTE - 1;
  expect(await secrets.operatorKey()).toBe(old);
  isDown = true;
  now += 1;
  expect(await secrets.operatorKey()).toBe(old);
  now += 4 * MINUTE;
  await expect(secrets.operatorKey()).rejects.toThrow('ThrottlingException');
  isDown = false;
  expect(await secrets.operatorKey()).toBe('the new key');
  expect(asked).not.toContain('AWSPREVIOUS');
});

test('a key that is not the wanted one is read anew, but not again and again', async () => {
  const secrets = environment();
  await secrets.operatorKey();
  await rotate(arns.operator, 'the new key');
  const isNew = (key: string) => key === 'the new key';
  now += MINUTE / 2;
  expect(await secrets.operatorKey(isNew)).toBe('the new key');
  asked.length = 0;
  for (let n = 0; n < 10; n++) expect(await secrets.operatorKey(() => false)).toBe('the new key');
  expect(asked).toEqual([]);
});

test('a rotation is settled when the last environment has dropped the old secret', async () => {
  expect(await environment().rotation()).toMatchObject({ isFirst: true });
  const before = Date.now();
  await rotate(arns.master, 'the second');
  const { keyId, settledAt, isFirst } = await environment().rotation();
  expect({ keyId, isFirst }).toEqual({ keyId: createKeyring('the second')[0].id, isFirst: false });
  expect(settledAt).toBeGreaterThanOrEqual(before + 7 * LIFETIME - 1_000);
  expect(settledAt).toBeLessThan(before + 7 * LIFETIME + MINUTE);
});

test('a function without the operator key says so', async () => {
  const { master } = arns;
  await expect(createSecrets(client, { master }, LIFETIME, () => now).operatorKey()).rejects.toThrow('no access');
});
