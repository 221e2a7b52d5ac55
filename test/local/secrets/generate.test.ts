import { type GenerateSecretString, generateSecretString } from '../../../local/secrets/generate.js';

test('so many letters and digits, with each type; never the same', () => {
  const secrets = Array.from({ length: 200 }, () =>
    generateSecretString({ PasswordLength: 5, ExcludePunctuation: true }),
  );
  for (const secret of secrets) {
    expect(secret).toMatch(/^[A-Za-z0-9]{5}$/);
    for (const type of [/[A-Z]/, /[a-z]/, /[0-9]/]) expect(secret).toMatch(type);
  }
  expect(new Set(secrets).size).toBe(200);
});

test.each([
  {},
  { PasswordLength: 43 },
  { PasswordLength: 2, ExcludePunctuation: true },
  { PasswordLength: 43, ExcludePunctuation: true, IncludeSpace: true },
])('refuses %j', (settings) => {
  expect(() => generateSecretString(settings as GenerateSecretString)).toThrow('only secrets of a PasswordLength');
});
