import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { NotFoundError } from '../../primitives/faults.js';
import { html } from '../../primitives/html.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import {
  type IdentityProvider,
  nameOf,
  type ProviderSettings,
  ProviderSilentError,
  rolesOf,
  SignInRefusedError,
  type SignInUnderWay,
} from '../../subjects/sessions/identity.js';
import { cookieOf, dropCookie, isFromOwnPage, setCookie } from '../http/cookies.js';
import { ForbiddenError, type Problem, problemOf } from '../http/problem.js';
import { type RouteAnswer, route } from '../http/route.js';
import type { SignedIn } from '../http/session.js';
import { signIn } from '../requests/sign-in.js';

const PATH = '/v1/sign-in';
/** Time for a person to sign in at the provider. */
const UNDER_WAY_SECONDS = 10 * 60;

/** A page of the console, on this origin: no address of elsewhere is of this form. */
const consolePage = z.string().check(z.regex(/^\/console\/[!-[\]-~]{0,1500}$/, 'Must be the path of a console page.'));
/** RFC 6749 gives codes and states printable ASCII. */
const printable = (most: number) =>
  z.string().check(z.maxLength(most), z.regex(/^[ -~]*$/, 'Must be printable ASCII.'));
const text = z.string().check(z.maxLength(4_000));
const underWaySchema = z.object({ state: text, nonce: text, verifier: text, origin: z.url(), to: consolePage });
/** Providers add parameters of their own. */
const callbackQuery = z.object({
  code: z.optional(printable(4_000)),
  state: z.optional(printable(200)),
  iss: z.optional(printable(1_000)),
  error: z.optional(printable(200)),
  error_description: z.optional(z.string().check(z.maxLength(1_000))),
});

export const routes = [
  route(`GET ${PATH}`, {
    access: 'public',
    needs: 'nothing',
    summary: 'Names the provider of OpenID Connect at which persons can sign in.',
    handle: async (_request, { settings: { provider } }) => ({
      status: 200,
      body: { provider: provider?.label ?? null },
    }),
  }),

  route(`POST ${PATH}`, {
    access: 'public',
    needs: 'nothing',
    summary: "Begins a sign-in at the provider, from the console's own page.",
    description: 'Sets a cookie that binds the sign-in to the browser for ten minutes.',
    maxBodyBytes: 4 * 1024,
    body: z.strictObject({ to: z._default(consolePage, '/console/') }),
    async handle({ body, event }, ports) {
      const { identityProvider } = providerOf(ports);
      const origin = event.headers['origin'];
      if (!isFromOwnPage(event) || origin === undefined)
        throw new ForbiddenError("A sign-in at the provider begins on the console's own page.");
      const random = () => randomBytes(32).toString('base64url');
      const underWay = { state: random(), nonce: random(), verifier: random(), origin, to: body.to };
      const location = await identityProvider.page(underWay);
      const value = Buffer.from(JSON.stringify(underWay)).toString('base64url');
      return {
        status: 200,
        body: { location },
        cookies: [setCookie('sign-in', value, UNDER_WAY_SECONDS, ports.settings)],
      };
    },
  }),

  route(`GET ${PATH}/callback`, {
    access: 'public',
    needs: 'nothing',
    summary: 'Where the provider leads back to: signs in, and goes on to the console.',
    query: callbackQuery,
    async handle(request, ports) {
      const { settings } = ports;
      const over = dropCookie('sign-in', settings);
      try {
        const underWay = openUnderWay(cookieOf(request.event, 'sign-in', settings));
        const { token } = await signIn(request, ports, () => personOf(request.query, underWay, providerOf(ports)));
        const cookies = [setCookie('session', token, settings.sessionMs / 1000, settings), over];
        return { status: 303, headers: { location: underWay!.to }, cookies };
      } catch (error) {
        if (error instanceof SignInRefusedError || error instanceof ProviderSilentError)
          return refusalPage(problemOf(error), over);
        throw error;
      }
    },
  }),
];

/** @throws NotFoundError if the stage's settings name no provider */
function providerOf({
  identityProvider,
  settings: { provider: settings },
}: Pick<ApiPorts, 'identityProvider' | 'settings'>): Provider {
  if (identityProvider && settings) return { identityProvider, settings };
  throw new NotFoundError('No provider of OpenID Connect is set up. docs/deploying.md says how.');
}

interface Provider {
  readonly identityProvider: IdentityProvider;
  readonly settings: ProviderSettings;
}

function openUnderWay(cookie = ''): SignInUnderWay | undefined {
  try {
    return underWaySchema.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** @throws SignInRefusedError with words for the person */
async function personOf(
  query: z.infer<typeof callbackQuery>,
  underWay: SignInUnderWay | undefined,
  { identityProvider, settings }: Provider,
): Promise<SignedIn> {
  if (underWay === undefined || query.state !== underWay.state)
    throw new SignInRefusedError('This sign-in was not begun in this browser, or it is over. Please begin again.');
  // RFC 9207: the answer of another provider is no answer.
  if (query.iss !== undefined && query.iss !== settings.issuer)
    throw new SignInRefusedError('The answer comes from another provider.');
  if (query.code === undefined)
    throw new SignInRefusedError(
      `The provider refused: ${query.error_description ?? query.error ?? 'it gave no code'}.`,
    );
  const claims = await identityProvider.claims(query.code, underWay);
  const roles = rolesOf(claims, settings);
  const name = nameOf(claims, settings);
  if (roles === undefined)
    throw new SignInRefusedError(
      `You are signed in at the provider as ${name}, but you are in no group that may use this console. ` +
        'Ask those who run it to add you to one.',
    );
  return { signed_in_by: 'oidc', subject: claims.sub, name, roles, issuer: settings.issuer };
}

/** For a person in a browser, in place of a problem document. */
function refusalPage({ status, detail }: Problem, cookie: string): RouteAnswer {
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Punctual: not signed in</title>
<h1>You are not signed in</h1>
<p>${detail}</p>
<p><a href="/console/">Back to the console</a></p>
</html>
`;
  return {
    status: status as 403 | 502,
    body: page.text,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    cookies: [cookie],
  };
}
