import { generateSecretString } from '../../../local/secrets/generate.js';

const many = (settings: Parameters<typeof generateSecretString>[0]) =>
  Array.from({ length: 200 }, () => generateSecretString(settings));

test('thirty-two characters with each type, unless said otherwise; never the same', () => {
  const secrets = many({});
  for (const secret of secrets) {
    expect(secret).toHaveLength(32);
    for (const type of [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9 ]/]) expect(secret).toMatch(type);
    expect(secret).not.toContain(' ');
  }
  expect(new Set(secrets).size).toBe(200);
});

test('each type is there even when there is just room for it', () => {
  for (const secret of many({ PasswordLength: 5, IncludeSpace: true })) expect(secret).toContain(' ');
});

test('leaves out what is excluded', () => {
  const settings = { ExcludePunctuation: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludeCharacters: 'xyz' };
  for (const secret of many(settings)) expect(secret).toMatch(/^[a-w]{32}$/);
  const some = { ExcludeLowercase: true, PasswordLength: 1, RequireEachIncludedType: false };
  for (const secret of many(some)) expect(secret).toMatch(/^[^a-z ]$/);
});

test('puts the password into a template', () => {
  const secret = generateSecretString({
    SecretStringTemplate: '{"kid":"1"}',
    GenerateStringKey: 'key',
    PasswordLength: 20,
    ExcludePunctuation: true,
  });
  expect(JSON.parse(secret)).toEqual({ kid: '1', key: expect.stringMatching(/^\w{20}$/) });
});

test('refuses settings that leave nothing to choose from', () => {
  expect(() => generateSecretString({ PasswordLength: 3 })).toThrow('no secret of 3 characters');
  expect(() =>
    generateSecretString({
      ExcludeLowercase: true,
      ExcludeUppercase: true,
      ExcludeNumbers: true,
      ExcludePunctuation: true,
    }),
  ).toThrow('no secret of 32 characters');
  expect(() => generateSecretString({ GenerateStringKey: 'key' })).toThrow('go together');
});
