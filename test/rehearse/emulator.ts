import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { serveLoopback } from '../../local/loopback-server.js';
import { eventually } from '../support/eventually.js';
import { PythonProgram } from '../support/python-program.js';
import { launch } from './processes.js';

/** An emulator of AWS that others wrote: it knows our template, and nothing of us. */
export const MINISTACK = new PythonProgram('ministack', '1.5.33');

export interface Emulator {
  /** Where all of AWS is. */
  readonly url: string;
  /** What a process needs to take it for AWS, and to find nothing else. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts it on a free port of 127.0.0.1; whatever it and its functions write is in `folder`. */
export async function startEmulator(folder: string): Promise<Emulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = environment(folder, url);
  const { child, printed } = launch(MINISTACK.path, [], {
    cwd: folder,
    env: {
      ...env,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0', // a port of its own, on all interfaces
      S3_DATA_DIR: join(folder, 's3'),
      STATE_DIR: join(folder, 'state'),
    },
  });
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
function environment(folder: string, url: string): Record<string, string> {
  const [temporary, nothing] = [join(folder, 'tmp'), join(folder, 'no-aws-config')];
  mkdirSync(temporary, { recursive: true });
  writeFileSync(nothing, '');
  return {
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    TMPDIR: temporary,
    CI: 'true',
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
