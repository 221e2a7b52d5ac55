import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { serveLoopback } from '../../local/loopback-server.js';
import { eventually } from '../support/eventually.js';
import { PythonProgram } from '../support/python-program.js';
import { launch } from './processes.js';

/** An emulator of AWS that others wrote: it knows our template, and nothing of us. */
export const MINISTACK = new PythonProgram('ministack', '1.5.33');
const BIN = dirname(MINISTACK.path);

export interface Emulator {
  /** Where all of AWS is. */
  readonly url: string;
  /** What a process needs to take it for AWS, and to find nothing else. */
  readonly env: Readonly<Record<string, string>>;
}

/** The same, for a process that works in another Region. */
export function inRegion({ url, env }: Emulator, region: string): Emulator {
  return { url, env: { ...env, AWS_REGION: region, AWS_DEFAULT_REGION: region } };
}

/** Makes the emulator's certificate in `folder`; answers its file, undefined where there is no openssl to do it. */
export function makeCertificate(folder: string): string | undefined {
  const TMPDIR = join(folder, 'tmp');
  mkdirSync(TMPDIR, { recursive: true });
  const code = 'from ministack.core.tls import resolve_tls_material as made; print(made()[0])';
  const env = { PATH: process.env['PATH'], TMPDIR };
  const { status, stdout } = spawnSync(join(BIN, 'python'), ['-c', code], { env, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Starts it on a free port of 127.0.0.1; whatever it and its functions write is in `folder`. It enforces IAM policies; so it
 * must speak TLS, which our queues and the CDK's bucket ask for in theirs.
 */
export async function startEmulator(folder: string, certificate: string): Promise<Emulator> {
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const env = environment(folder, url, certificate);
  const files = ['--certfile', certificate, '--keyfile', certificate.replace(/crt$/, 'key')];
  // Not by its own command, which would take port 443 too.
  const { child, printed } = launch(
    join(BIN, 'hypercorn'),
    ['ministack.app:app', '--bind', `127.0.0.1:${port}`, ...files],
    {
      cwd: folder,
      env: {
        ...env,
        AUTH: 'true',
        USE_SSL: '1',
        GATEWAY_PORT: String(port),
        IOT_MTLS_ENABLED: '0', // a port of its own, on all interfaces
        S3_DATA_DIR: join(folder, 's3'),
        STATE_DIR: join(folder, 'state'),
      },
    },
  );
  await eventually('the emulator is up', async () => {
    if (child.exitCode !== null) throw new Error(`the emulator ended with ${child.exitCode}: ${printed()}`);
    return fetch(`${url}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  return { url, env };
}

async function freePort(): Promise<number> {
  const probe = await serveLoopback(() => {});
  await probe.close();
  return probe.port;
}

/** None of the caller's own: neither profiles nor proxies, and no endpoint that leads to a real account. */
function environment(folder: string, url: string, certificate: string): Record<string, string> {
  const nothing = join(folder, 'no-aws-config');
  writeFileSync(nothing, '');
  return {
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    CI: 'true',
    NODE_EXTRA_CA_CERTS: certificate,
    AWS_CA_BUNDLE: certificate,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
