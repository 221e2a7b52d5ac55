import { readFileSync, statSync } from 'node:fs';

/** The names in a hosts file, read again when it has changed; none when it cannot be read. */
export function hostsIn(path: string): () => ReadonlySet<string> {
  let names: ReadonlySet<string> = new Set();
  let version = '';
  return () => {
    try {
      const { mtimeMs, size } = statSync(path);
      const seen = `${mtimeMs} ${size}`;
      if (seen !== version) names = new Set(namesOf(readFileSync(path, 'utf8')));
      version = seen;
      return names;
    } catch {
      return new Set();
    }
  };
}

function namesOf(text: string): string[] {
  const lines = text.toLowerCase().split('\n');
  return lines.flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
}
