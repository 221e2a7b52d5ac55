import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MINISTACK } from '../rehearse/emulator.js';
import { type RunningServer, startServer } from './running-server.js';

/** Why an AWS of other authors cannot run here without a download; undefined when it can. */
export function whatMiniStackLacks(): string | undefined {
  return MINISTACK.isInstalled ? undefined : `it is not in ${MINISTACK.folder}`;
}

/** Installs it from PyPI, in an environment of its own; throws when that fails. */
export function fetchMiniStack(): void {
  const missing = MINISTACK.whatIsMissing();
  if (missing !== undefined) throw new Error(missing);
}

/** Starts it in memory; whatever it and its functions write is in a folder that goes with it. */
export async function startMiniStack(): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
  const bin = dirname(MINISTACK.path);
  const env = (port: number) => ({
    PATH: process.env['PATH'],
    HOME: folder,
    TMPDIR: folder,
    STATE_DIR: folder,
    S3_DATA_DIR: folder,
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0', // a port of its own, on all interfaces
  });
  // Not by its own command, which would take port 443 too.
  const { url, stop } = await startServer(
    MINISTACK.name,
    join(bin, 'hypercorn'),
    (port) => ['ministack.app:app', '--bind', `127.0.0.1:${port}`],
    (port) => ({ cwd: folder, env: env(port) }),
  );
  return {
    url,
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
