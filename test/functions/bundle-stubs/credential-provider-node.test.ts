import { defaultProvider } from '../../../functions/bundle-stubs/credential-provider-node.js';

const before = process.env;
afterEach(() => {
  process.env = before;
});

test('credentials are those of the environment, as it is when they are asked for', async () => {
  const provider = defaultProvider();
  process.env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  await expect(provider()).resolves.toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
  process.env = { ...process.env, AWS_SESSION_TOKEN: 'token' };
  await expect(provider()).resolves.toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

test('there is nowhere else to look for them', async () => {
  process.env = { AWS_ACCESS_KEY_ID: 'id', AWS_PROFILE: 'default' };
  await expect(defaultProvider()()).rejects.toThrow('no credentials');
});
