// A real provider of OpenID Connect in a process of its own, since it ships ES modules alone: prints its address.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/** Persons sign in by name, with any password. */
const GROUPS = { ada: ['admins'], bob: ['billing'], eve: ['guests'] };

const server = createServer((request, response) => provider.callback()(request, response));
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'punctual',
      application_type: 'native', // whose loopback addresses may be of any port
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/v1/sign-in/callback'],
    },
  ],
  claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['of the tests'] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, groups: GROUPS[id] ?? [] }),
  }),
});
console.log(issuer);
