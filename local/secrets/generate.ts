import { randomInt } from 'node:crypto';

/** The property GenerateSecretString of AWS::SecretsManager::Secret. */
export interface GenerateSecretString {
  PasswordLength: number;
  ExcludePunctuation: true;
}

const TYPES = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789'];
const ALL = TYPES.join('');

/** A new secret of letters and digits with each type of character, as AWS makes it. Throws for any other settings. */
export function generateSecretString({ PasswordLength, ExcludePunctuation, ...more }: GenerateSecretString): string {
  if (!(PasswordLength >= TYPES.length) || ExcludePunctuation !== true || Object.keys(more).length > 0)
    throw new Error('only secrets of a PasswordLength with ExcludePunctuation are generated here');
  for (;;) {
    const secret = Array.from({ length: PasswordLength }, () => ALL[randomInt(ALL.length)]).join('');
    if (TYPES.every((type) => [...type].some((character) => secret.includes(character)))) return secret;
  }
}
