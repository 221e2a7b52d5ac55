import { spawn } from 'node:child_process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Whether there is a person at a terminal, and a screen for a browser. */
export function hasScreen({
  stdout,
  env,
  platform,
}: Pick<NodeJS.Process, 'env' | 'platform'> & { stdout: { isTTY?: boolean } }): boolean {
  const isDrawn = platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return stdout.isTTY === true && !env['CI'] && isDrawn;
}

/** Opens the address in the person's browser. A machine without a browser is no fault: the address is printed, too. */
export function openInBrowser(address: string, platform = process.platform): void {
  const [program, ...args] = OPENERS[platform] ?? [];
  if (program === undefined) return;
  const opening = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  opening.on('error', () => {});
  opening.unref();
}
