import type * as z from 'zod/mini';
import { JunkMessageError, UnknownFormatError } from '../failure/failure-cause.js';

/**
 * The token in a message's body.
 * @throws JunkMessageError if the body is no JSON; UnknownFormatError, naming the kind and what is wrong with it, if this
 *   release does not know such a token
 */
export function readToken<Token>(schema: z.ZodMiniType<Token>, body: string): Token {
  const parsed = schema.safeParse(parse(body), { jitless: true });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`.trim());
  throw new UnknownFormatError(`a token of another release: ${faults.join(', ')}`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new JunkMessageError();
  }
}
