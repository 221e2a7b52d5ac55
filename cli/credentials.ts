import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Punctual } from '../clients/typescript/punctual.js';
import { CommandFault, EXIT } from './exit-codes.js';

export interface Profile {
  readonly url: string;
  readonly api_key: string;
}

type Profiles = Readonly<Record<string, Profile>>;

/** `$XDG_CONFIG_HOME/punctual/profiles.json`. */
export function profilesFile(env = process.env): string {
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'punctual', 'profiles.json');
}

/** A profile that is named wins over the environment, and the environment over the profile `default`. */
export function credentials(profile: string | undefined, env = process.env): Profile & { readonly from: string } {
  const { PUNCTUAL_URL: url, PUNCTUAL_API_KEY: api_key } = env;
  if (profile === undefined && url && api_key) return { url, api_key, from: 'PUNCTUAL_URL and PUNCTUAL_API_KEY' };
  const name = profile ?? 'default';
  const found = profiles()[name];
  if (found !== undefined) return { ...found, from: `profile ${name} of ${profilesFile()}` };
  if (profile === undefined && (url || api_key))
    throw new CommandFault(
      `${url ? 'PUNCTUAL_API_KEY' : 'PUNCTUAL_URL'} is not set, and there is no profile.`,
      EXIT.credentials,
    );
  const missing = profile === undefined ? 'No API key.' : `There is no profile ${profile} in ${profilesFile()}.`;
  throw new CommandFault(`${missing} Run punctual login, or set PUNCTUAL_URL and PUNCTUAL_API_KEY.`, EXIT.credentials);
}

export function client(profile: string | undefined): Punctual {
  const { url, api_key } = credentials(profile);
  if (!URL.canParse(url)) throw new CommandFault(`PUNCTUAL_URL is no address: ${url}`, EXIT.wrongUse);
  return new Punctual({ url, apiKey: api_key });
}

export function saveProfile(name: string, profile: Profile): void {
  const file = profilesFile();
  const text = `${JSON.stringify({ ...profiles(), [name]: profile }, null, 2)}\n`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600); // of a file that was there before
  } catch (error) {
    throw new CommandFault(`${file} cannot be written: ${(error as Error).message}`, EXIT.failed);
  }
}

function profiles(): Profiles {
  const file = profilesFile();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new CommandFault(`${file} cannot be read: ${(error as Error).message}`, EXIT.credentials);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFault(`${file} is no JSON: mend it, or delete it and run punctual login.`, EXIT.credentials);
  }
}
