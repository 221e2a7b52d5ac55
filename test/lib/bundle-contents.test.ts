import { buildSync } from 'esbuild';
import { BUNDLING, FUNCTION_NAMES } from '../../lib/bundles.js';

/** The files that the function's bundle has something of. */
function contentsOf(name: string): string[] {
  const { metafile } = buildSync({
    ...BUNDLING,
    entryPoints: [`functions/${name}/handler.ts`],
    metafile: true,
    write: false,
  });
  const [bundle] = Object.values(metafile.outputs);
  return Object.entries(bundle!.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
}

describe.each(FUNCTION_NAMES)('every cold start of the %s loads all of its bundle, which has', (name) => {
  const files = contentsOf(name);
  const having = (pattern: RegExp) => files.filter((file) => pattern.test(file));

  test('of the SDK neither the credential chain nor event streams', () => {
    expect(having(/bundle-stubs\/credential-provider-node/)).toHaveLength(1);
    expect(having(/nested-clients|credential-provider-(?!node\.ts)|token-providers|core\/.*\/event-streams\//)).toEqual(
      [],
    );
  });

  test('of zod only what is called: zod/mini', () => {
    expect(having(/zod\/v4\/mini/)).not.toEqual([]);
    expect(having(/zod\/v4\/(classic|core\/to-json-schema|locales\/(?!en\.js))/)).toEqual([]);
  });

  test('of what reads cron expressions the fields, and that only where one is read', () => {
    expect(having(/node_modules\/cron-parser/).length > 0).toBe(!['intake', 'reconciler'].includes(name));
    expect(having(/node_modules\/luxon/)).toEqual([]);
  });

  test('no client that it has no use for', () => {
    const readsSecrets = name !== 'dispatcher';
    expect(having(/client-secrets-manager/).length > 0).toBe(readsSecrets);
  });
});
