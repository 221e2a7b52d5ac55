import type { Command } from 'commander';
import { SignatureError, verify } from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { CommandFault, EXIT } from '../exit-codes.js';
import { bytesOf, gathered, headersOf } from '../input.js';
import { coloured, print } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface VerifyOptions extends CommonOptions {
  readonly secret?: string[];
  readonly header?: string[];
  readonly body?: string;
  readonly tolerance: number;
}

interface Received {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export function verifyCommand(program: Command): void {
  leaf(program, 'verify')
    .description('say whether the signature of a received request is good, and if not, why')
    .argument('[request]', 'a file with the request as it came: headers, an empty line, the body; - for standard input')
    .option(
      '--secret <secret>',
      "the endpoint's signing secret; PUNCTUAL_SIGNING_SECRET unless given; may be repeated",
      gathered,
    )
    .option('--header <header>', 'in place of the file, "webhook-id: …"; may be repeated', gathered)
    .option('--body <file>', 'in place of the file: a file with the body')
    .option('--tolerance <seconds>', 'how old the signature may be', Number, 300)
    .action(verifyRequest);
}

async function verifyRequest(file: string | undefined, options: VerifyOptions): Promise<void> {
  const secrets = options.secret ?? [process.env['PUNCTUAL_SIGNING_SECRET'] ?? ''];
  if (secrets.includes('')) throw new CommandFault('Say the secret: --secret whsec_…, or PUNCTUAL_SIGNING_SECRET.');
  const request = file === undefined ? fromOptions(options) : parsed(bytesOf(file));
  try {
    const call = await verify(request, secrets, { toleranceSeconds: options.tolerance });
    const signed_at = call.signedAt.toISOString();
    print(
      options,
      { good: true, id: call.id, signed_at },
      `${coloured('good', 'green')}  ${call.id}, signed ${signed_at}`,
    );
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    const { reason, message } = await explained(error, request, secrets, options);
    print(options, { good: false, reason, message }, `${coloured('not good', 'red')}  ${message}`);
    process.exitCode = EXIT.differs;
  }
}

type Reason = 'missing_header' | 'too_old' | 'too_new' | 'changed_body' | 'wrong_secret' | 'no_match';

async function explained(
  error: SignatureError,
  request: Received,
  secrets: string[],
  options: VerifyOptions,
): Promise<{ reason: Reason; message: string }> {
  if (error.reason === 'too_old' || error.reason === 'too_new')
    return { reason: error.reason, message: `${error.message} Is it an old request, or is a clock wrong?` };
  if (error.reason === 'missing_header') return { reason: error.reason, message: error.message };
  const fits = async (body: string | Buffer) =>
    verify({ ...request, body }, secrets, { toleranceSeconds: Number.POSITIVE_INFINITY }).then(
      () => true,
      () => false,
    );
  for (const [what, body] of variants(request.body.toString()))
    if (await fits(body))
      return { reason: 'changed_body', message: `The body was changed: the signature fits ${what}.` };
  const sent = await sentBody(request.headers['webhook-id']!, options);
  if (sent === undefined)
    return { reason: 'no_match', message: 'Another secret signed it, or the body was changed on its way.' };
  if (await fits(sent))
    return {
      reason: 'changed_body',
      message: 'The body was changed: the signature fits the payload that Punctual sent.',
    };
  return {
    reason: 'wrong_secret',
    message: 'Another secret signed it: that of another endpoint, or one that was replaced.',
  };
}

/** What tools and frameworks make of a body. */
function variants(body: string): [string, string][] {
  return [
    ['the body without its last line break', body.replace(/\r?\n$/, '')],
    ['the body with a line break at its end', `${body}\n`],
    ['the body with LF in place of CRLF', body.replaceAll('\r\n', '\n')],
    ...([0, 2, 4].flatMap((indent) => {
      try {
        return [
          [
            'the same JSON, printed in another way: verify the raw body',
            JSON.stringify(JSON.parse(body), null, indent),
          ],
        ];
      } catch {
        return [];
      }
    }) as [string, string][]),
  ];
}

/** The payload that Punctual has of the task run, as it is sent; undefined if the run is not known here. */
async function sentBody(id: string, options: VerifyOptions): Promise<string | undefined> {
  try {
    const { payload } = await client(options.profile).tasks.get(id);
    return typeof payload === 'string' ? payload : JSON.stringify(payload);
  } catch {
    return undefined;
  }
}

function fromOptions({ header = [], body }: VerifyOptions): Received {
  if (body === undefined) throw new CommandFault('Name a file with the request, or give --header and --body.');
  return { headers: lowerCased(headersOf(header)), body: bytesOf(body) };
}

/** A line of the request first, as proxies print it, is left out. */
function parsed(text: Buffer): Received {
  const [end, gap] = [text.indexOf('\n\n'), text.indexOf('\r\n\r\n')];
  const at = gap >= 0 && (end < 0 || gap < end) ? [gap, 4] : [end, 2];
  if (at[0]! < 0) throw new CommandFault('The request has no empty line between its headers and its body.');
  const lines = text.subarray(0, at[0]).toString().split(/\r?\n/);
  return { headers: lowerCased(headersOf(lines)), body: text.subarray(at[0]! + at[1]!) };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
