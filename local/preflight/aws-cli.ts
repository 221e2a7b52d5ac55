import { execFile } from 'node:child_process';

/** Why the AWS CLI answered nothing. `code` is the service's error code, such as `ParameterNotFound`, if it gave one. */
export class CliFault extends Error {
  constructor(
    readonly code: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** Runs `aws <words>`, with the credentials and the Region of the environment. @throws CliFault */
export function aws<Answer>(...words: readonly string[]): Promise<Answer> {
  const args = [...words, '--output', 'json'];
  const options = { env: { ...process.env, AWS_PAGER: '' }, timeout: 30_000, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile('aws', args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(answerIn(stdout) as Answer);
      if (error.code === 'ENOENT') return reject(new CliFault('NoCli', 'the AWS CLI (`aws`) is not installed'));
      const [, code] = /\(([\w.]+)\) when calling/.exec(stderr) ?? [];
      reject(new CliFault(code, stderr.trim().split('\n').at(-1) || error.message));
    });
  });
}

/** Undefined in place of the fault with this code. */
export function absent(code: string): (error: unknown) => undefined {
  return (error) => {
    if (!isFault(error, code)) throw error;
  };
}

export const isFault = (error: unknown, code: string): boolean => error instanceof CliFault && error.code === code;

/** `aws configure get` answers plain text, whatever the output format. */
function answerIn(stdout: string): unknown {
  const text = stdout.trim();
  return /^[[{"]/.test(text) ? JSON.parse(text) : text;
}
