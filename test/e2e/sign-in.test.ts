import { Browsing } from '../support/browsing.js';
import { startRealProvider } from '../support/real-provider.js';
import { World } from '../support/world.js';

let provider: Awaited<ReturnType<typeof startRealProvider>>;
let world: World;
let project: string;
beforeAll(async () => {
  provider = await startRealProvider();
  world = await World.start({ settings: { identityProvider: provider.settings } });
  project = world.project.id;
});
afterAll(async () => {
  provider?.close();
  await world?.close();
});

const api = () => world.stack.api;
const isCallback = (address: string) => address.startsWith(`${api()}/v1/sign-in/callback`);
const aBrowser = () => new Browsing({ 'sec-fetch-site': 'same-origin' });

async function begin(browser: Browsing, body: object = {}, headers: object = {}): Promise<Response> {
  return browser.ask(`${api()}/v1/sign-in`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: api(), ...headers },
  });
}

/** From the console to the provider's forms, and back to the address of the callback, which is not opened yet. */
async function atTheProvider(browser: Browsing, person: string, to?: string): Promise<string> {
  const { location } = (await (await begin(browser, { ...(to && { to }) })).json()) as { location: string };
  let [address, page] = await browser.follow(location, isCallback);
  for (const prompt of ['login', 'consent']) {
    if (page === undefined) break; // the provider remembers the consent
    const action = /action="([^"]+)"/.exec(await page.text())![1]!;
    const body = new URLSearchParams({ prompt, login: person, password: 'any' });
    [address, page] = await browser.follow(action, isCallback, { method: 'POST', body });
  }
  expect([address, page]).toEqual([expect.stringContaining('/callback?code='), undefined]);
  return address;
}

const sessionOf = async (browser: Browsing) => {
  const response = await browser.ask(`${api()}/v1/sessions/current`);
  return { status: response.status, body: (await response.json()) as { readonly roles: object } };
};

async function expectRefused(response: Response, words: string): Promise<void> {
  const page = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
  expect(page).toContain('<h1>You are not signed in</h1>');
  expect(page).toContain(words);
}

test('the console is told of the provider', async () => {
  expect(await (await fetch(`${api()}/v1/sign-in`)).json()).toEqual({ provider: 'Example' });
});

test('a person comes back with a session, to the page from which the person came', async () => {
  const browser = aBrowser();
  const back = await atTheProvider(browser, 'ada', '/console/runs?project=x');
  const response = await browser.ask(back);
  expect([response.status, response.headers.get('location')]).toEqual([303, '/console/runs?project=x']);
  const { body } = await sessionOf(browser);
  expect(body).toMatchObject({
    signed_in_by: 'oidc',
    subject: 'ada',
    name: 'ada@example.com',
    roles: { '*': 'admin' },
  });
  expect([...browser.cookies(api()).keys()]).toEqual(['punctual-session']);
  const made = await browser.ask(`${api()}/v1/endpoints?project_id=${project}`, {
    method: 'POST',
    body: JSON.stringify({ name: 'by ada', url: world.stack.receiver }),
    headers: { 'content-type': 'application/json' },
  });
  expect(made.status).toBe(201);
  const audit = await (await browser.ask(`${api()}/v1/audit`)).text();
  const lines = audit
    .split('\n')
    .filter((line) => line.includes('ada@example.com'))
    .map((line) => JSON.parse(line));
  expect(lines.map(({ action }) => action)).toEqual(['GET /v1/sign-in/callback', 'POST /v1/endpoints']);
});

test('a person of a group with a role in one project sees no other', async () => {
  const browser = aBrowser();
  await browser.ask(await atTheProvider(browser, 'bob'));
  expect((await sessionOf(browser)).body.roles).toEqual({ proj_0199c0de000070008000000000000000: 'viewer' });
  expect((await browser.ask(`${api()}/v1/endpoints?project_id=${project}`)).status).toBe(404);
});

test('a person in no group with a role is told so', async () => {
  const browser = aBrowser();
  const back = await atTheProvider(browser, 'eve');
  await expectRefused(await browser.ask(back), 'eve@example.com, but you are in no group');
  expect((await sessionOf(browser)).status).toBe(401);
});

test('the same answer of the provider does not sign in twice', async () => {
  const browser = aBrowser();
  const back = await atTheProvider(browser, 'ada');
  const before = new Map(browser.cookies(api()));
  expect((await browser.ask(back)).status).toBe(303);
  await expectRefused(await browser.ask(back), 'not begun in this browser');
  // Not even with the cookie of before: the provider takes its code once.
  for (const [name, value] of before) browser.cookies(api()).set(name, value);
  await expectRefused(await browser.ask(back), 'The provider refused: invalid_grant');
});

test('an answer is good in the browser that asked alone', async () => {
  const [ada, victim] = [aBrowser(), aBrowser()];
  const back = await atTheProvider(ada, 'ada');
  await expectRefused(await victim.ask(back), 'not begun in this browser');
  await begin(victim);
  await expectRefused(await victim.ask(back), 'not begun in this browser');
});

test.each([
  ['nonce', 'nonce'],
  ['verifier', 'The provider refused'],
  ['state', 'not begun in this browser'],
])('another %s is noticed', async (name, words) => {
  const browser = aBrowser();
  const back = await atTheProvider(browser, 'ada');
  const jar = browser.cookies(api());
  const underWay = JSON.parse(Buffer.from(jar.get('punctual-sign-in')!, 'base64url').toString());
  const changed = { ...underWay, [name]: underWay[name].replace(/./g, 'x') };
  jar.set('punctual-sign-in', Buffer.from(JSON.stringify(changed)).toString('base64url'));
  await expectRefused(await browser.ask(back), words);
});

test('what the provider says is shown as text', async () => {
  const browser = aBrowser();
  const { location } = (await (await begin(browser)).json()) as { location: string };
  const state = new URL(location).searchParams.get('state');
  const query = new URLSearchParams({ state: state!, error: 'access_denied', error_description: '<script>1</script>' });
  await expectRefused(await browser.ask(`${api()}/v1/sign-in/callback?${query}`), '&lt;script&gt;1&lt;/script&gt;');
});

test.each([
  'https://evil.example.com/',
  '//evil.example.com',
  '/\\evil.example.com',
  '/console',
  '/console/\\x',
  '/v1/x',
])('a sign-in does not lead to %s', async (to) => {
  expect((await begin(aBrowser(), { to })).status).toBe(400);
});

test('a sign-in begins on a page of this origin alone', async () => {
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
    expect((await begin(aBrowser(), {}, headers)).status).toBe(403);
});
