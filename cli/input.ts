import { readFileSync } from 'node:fs';
import { CommandFault } from './exit-codes.js';

/** A file's text; `-` is standard input. */
export function textOf(file: string): string {
  return bytesOf(file).toString('utf8');
}

export function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new CommandFault(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** A payload as typed: JSON, `@file` with JSON, `-` for JSON on standard input; with `isText` any text as it is. */
export function payloadOf(given: string | undefined, isText = false): { readonly payload?: unknown } {
  if (given === undefined) return {};
  const text = given === '-' ? textOf('-') : given.startsWith('@') ? textOf(given.slice(1)) : given;
  if (isText) return { payload: text };
  try {
    return { payload: JSON.parse(text) };
  } catch {
    throw new CommandFault('The payload is no JSON. Quote it for the shell, or say --text to send it as it is.');
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** "90", "90s", "15m", "2h", "1d" in seconds. */
export function secondsOf(given: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(given) ?? [];
  if (number === undefined) throw new CommandFault(`${given} is no time span: write 90s, 15m, 2h or 1d.`);
  return Number(number) * UNITS[unit]!;
}

/** Where to send: an endpoint's id, or a URL. */
export function destinationOf(to: string): { endpoint_id: string } | { target: { url: string } } {
  if (/^ep_/.test(to)) return { endpoint_id: to };
  if (/^https?:\/\//.test(to)) return { target: { url: to } };
  throw new CommandFault(`${to} is neither an endpoint's id (ep_…) nor a URL (https://…).`);
}

export type Labels = Readonly<Record<string, string>>;

function labelled(given: string, before: Labels = {}): Labels {
  const [, key, value] = /^([^:]+):(.*)$/s.exec(given) ?? [];
  if (key === undefined) throw new CommandFault(`${given} is no label: write key:value.`);
  return { ...before, [key]: value! };
}

/** An option that may be repeated. */
export const gathered = (value: string, before: string[] = []): string[] => [...before, value];

/** Lines such as `X-Reason: corrected`, by their names. @throws CommandFault for another line, if `isStrict` */
export function headersOf(lines: readonly string[], isStrict = false): Record<string, string> {
  const fields = lines.flatMap((line) => {
    const [, name, value] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined && isStrict) throw new CommandFault(`${line} is no header: write Name: value.`);
    return name === undefined ? [] : [[name, value!] as const];
  });
  return Object.fromEntries(fields);
}

export const LABEL = ['--label <key:value>', 'a label to list by; may be repeated', labelled] as const;
