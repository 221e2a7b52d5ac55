import { randomInt } from 'node:crypto';

/** AWS::SecretsManager::Secret's GenerateSecretString, with the defaults of GetRandomPassword. */
export interface GenerateSecretString {
  PasswordLength?: number;
  ExcludePunctuation?: boolean;
  ExcludeCharacters?: string;
  IncludeSpace?: boolean;
  ExcludeUppercase?: boolean;
  ExcludeLowercase?: boolean;
  ExcludeNumbers?: boolean;
  RequireEachIncludedType?: boolean;
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
}

const UPPERCASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWERCASE = UPPERCASE.toLowerCase();
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** A fresh secret string; throws when the settings leave no characters, or fewer places than required types. */
export function generateSecretString(settings: GenerateSecretString): string {
  const password = generatePassword(settings);
  const { SecretStringTemplate: template, GenerateStringKey: key } = settings;
  if ((template === undefined) !== (key === undefined)) {
    throw new Error('SecretStringTemplate and GenerateStringKey go together');
  }
  return template === undefined ? password : JSON.stringify({ ...JSON.parse(template), [key!]: password });
}

function generatePassword(settings: GenerateSecretString): string {
  const types = includedTypes(settings);
  const length = settings.PasswordLength ?? 32;
  const required = settings.RequireEachIncludedType === false ? [] : types.map(pick);
  if (types.length === 0 || required.length > length || length > 4096) {
    throw new Error(`no secret of ${length} characters can be generated from these settings`);
  }
  const all = types.join('');
  const rest = Array.from({ length: length - required.length }, () => pick(all));
  return shuffled([...required, ...rest]).join('');
}

/** The characters of each type that is not excluded. */
function includedTypes(settings: GenerateSecretString): string[] {
  const types = [
    settings.ExcludeUppercase ? '' : UPPERCASE,
    settings.ExcludeLowercase ? '' : LOWERCASE,
    settings.ExcludeNumbers ? '' : '0123456789',
    settings.ExcludePunctuation ? '' : PUNCTUATION,
    settings.IncludeSpace ? ' ' : '',
  ];
  const excluded = new Set(settings.ExcludeCharacters ?? '');
  return types.map((type) => [...type].filter((char) => !excluded.has(char)).join('')).filter((type) => type !== '');
}

function pick(characters: string): string {
  return characters[randomInt(characters.length)]!;
}

function shuffled(characters: string[]): string[] {
  const result = [...characters];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
