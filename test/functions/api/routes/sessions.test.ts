import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { routes } from '../../../../functions/api/routes/links.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import { FAILURES_MS, MOST_OF_ADDRESS, MOST_OF_ALL } from '../../../../functions/subjects/sessions/failed-sign-ins.js';
import { type Answer, type Call, OPERATOR_KEY, SESSION_MS } from '../../../support/api-under-test.js';
import { startWholeApi, type WholeApi } from '../../../support/whole-api.js';

let api: WholeApi;
let operatorKey: string;
beforeAll(async () => {
  api = await startWholeApi();
  api.ports.secrets.operatorKey = async () => operatorKey;
});
afterAll(() => api.close());
beforeEach(() => {
  operatorKey = OPERATOR_KEY;
  // To the start of a new quarter of an hour, so that no failure of another test counts.
  const now = Date.now() + api.clock.offset;
  api.clock.offset += FAILURES_MS - (now % FAILURES_MS);
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signIn = (body: object, more: Call = {}): Promise<Answer> => api.call('POST', '/v1/sessions', { body, ...more });
const signedIn = async (): Promise<Answer> => signIn({ operator_key: OPERATOR_KEY });
const current = (headers: Record<string, string>) => api.call('GET', '/v1/sessions/current', { headers });

async function aKey(scopes?: string[], expires_at?: string): Promise<{ project: string; id: string; key: string }> {
  const { body } = await signedIn();
  const headers = bearer(body.token);
  const project = (await api.call('POST', '/v1/projects', { headers, body: { name: 'shop' } })).body.id;
  const keys = `/v1/projects/${project}/keys`;
  const wanted = { label: 'till', ...(scopes && { scopes }), ...(expires_at && { expires_at }) };
  const { id, key } = (await api.call('POST', keys, { headers, body: wanted })).body;
  return { project, id, key };
}

describe('a session', () => {
  test('is shown as it was made, and by its token alone', async () => {
    const { status, body } = await signedIn();
    expect(status).toBe(200);
    const { token, ...session } = body;
    expect(session).toMatchObject({
      name: 'operator',
      signed_in_by: 'operator_key',
      subject: 'operator',
      roles: { '*': 'admin' },
      permissions: { '*': ['read', 'publish', 'manage', 'audit', 'administer'] },
    });
    expect(Date.parse(session.expires_at) - Date.parse(session.created_at)).toBe(SESSION_MS);
    expect((await current(bearer(token))).body).toEqual(session);
    const another = (await signedIn()).body.token;
    const [id] = token.split('.');
    const [, secret] = another.split('.');
    for (const wrong of [`${id}.${secret}`, id, `${token}x`, token.slice(0, -1), '', 'null'])
      expect((await current(bearer(wrong))).status).toBe(401);
  });

  test('is stored without its token', async () => {
    const { token } = (await signedIn()).body;
    const [, secret] = token.split('.');
    const found = await api.documents.send(
      new QueryCommand({
        TableName: 'runs',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'SESSIONS' },
      }),
    );
    expect(found.Items!.length).toBeGreaterThan(0);
    expect(found.Items!.every(({ ttl }) => ttl > 0)).toBe(true);
    expect(JSON.stringify(found.Items)).not.toContain(secret);
    expect(JSON.stringify(found.Items)).not.toContain(OPERATOR_KEY);
  });

  test('tells from which addresses it was begun and used', async () => {
    const { body } = await signIn({ operator_key: OPERATOR_KEY }, { sourceIp: '192.0.2.1' });
    expect([body.signed_in_from, body.last_used_from]).toEqual(['192.0.2.1', null]);
    const headers = bearer(body.token);
    await api.call('GET', '/v1/projects', { headers, sourceIp: '2001:db8::2' });
    const { signed_in_from, last_used_from } = (await current(headers)).body;
    expect([signed_in_from, last_used_from]).toEqual(['192.0.2.1', '2001:db8::2']);
  });

  test.each([12, 1])('ends after the hours of the stage: %d', async (hours) => {
    Object.assign(api.ports.settings, { sessionMs: hours * 3_600_000 });
    const { token } = (await signedIn()).body;
    const { cookies } = await signIn({ operator_key: OPERATOR_KEY, cookie: true });
    expect(cookies[0]).toContain(`Max-Age=${hours * 3_600};`);
    Object.assign(api.ports.settings, { sessionMs: SESSION_MS });
    api.clock.offset += hours * 3_600_000 - 10_000;
    expect((await current(bearer(token))).status).toBe(200);
    api.clock.offset += 10_000;
    expect((await current(bearer(token))).status).toBe(401);
  });

  test('ends with the operator key that it was made with', async () => {
    const { token } = (await signedIn()).body;
    operatorKey = 'the next operator key';
    expect((await current(bearer(token))).status).toBe(401);
    expect((await signIn({ operator_key: OPERATOR_KEY })).status).toBe(401);
    expect((await signIn({ operator_key: operatorKey })).status).toBe(200);
  });

  test('tells when it was used, a minute behind', async () => {
    const { token } = (await signedIn()).body;
    await current(bearer(token));
    const first = (await current(bearer(token))).body.last_used_at;
    api.clock.offset += 30_000;
    await current(bearer(token));
    expect((await current(bearer(token))).body.last_used_at).toBe(first);
    api.clock.offset += 31_000;
    await current(bearer(token));
    expect(Date.parse((await current(bearer(token))).body.last_used_at)).toBeGreaterThan(Date.parse(first) + 59_000);
  });

  test('is ended by its person, and a signing out ends no other', async () => {
    const [mine, other] = [(await signedIn()).body, (await signedIn()).body];
    const headers = bearer(mine.token);
    expect((await api.call('DELETE', '/v1/sessions/current', { headers })).status).toBe(204);
    expect((await current(headers)).status).toBe(401);
    expect((await current(bearer(other.token))).status).toBe(200);
    expect((await api.call('DELETE', `/v1/sessions/${mine.id}`, { headers: bearer(other.token) })).status).toBe(404);
  });
});

describe("a session by a project's key", () => {
  test.each([
    [undefined, 'member'],
    [['read', 'publish', 'manage'], 'member'],
    [['read', 'publish'], 'viewer'],
    [['read', 'audit'], 'viewer'],
    [['read'], 'viewer'],
  ])('with the scopes %j is that of a %s, and may what the key may', async (scopes, role) => {
    const { project, id, key } = await aKey(scopes);
    const { body } = await signIn({ api_key: key });
    expect(body).toMatchObject({
      signed_in_by: 'api_key',
      subject: id,
      name: `till (${id})`,
      roles: { [project]: role },
      permissions: { [project]: scopes ?? ['read', 'publish', 'manage', 'audit'] },
    });
    const headers = bearer(body.token);
    const seen = await api.call('GET', '/v1/projects', { headers });
    expect(seen.body.data.map((one: { id: string }) => one.id)).toEqual([project]);
    const may = (permission: string) => scopes?.includes(permission) ?? true;
    const audit = await api.call('GET', `/v1/audit?project_id=${project}`, { headers });
    expect(audit.status).toBe(may('audit') ? 200 : 403);
    const noEvent = await api.call('POST', `/v1/events?project_id=${project}`, { headers, body: {} });
    expect(noEvent.status).toBe(may('publish') ? 400 : 403);
  });

  test('is not made without the scope to read', async () => {
    const { key } = await aKey(['publish']);
    expect((await signIn({ api_key: key })).status).toBe(403);
  });

  test('ends when the key expires, with which no other begins', async () => {
    const { key } = await aKey(undefined, new Date(Date.now() + api.clock.offset + 60_000).toISOString());
    const { token } = (await signIn({ api_key: key })).body;
    expect((await current(bearer(token))).status).toBe(200);
    api.clock.offset += 60_000;
    expect((await current(bearer(token))).status).toBe(401);
    expect((await signIn({ api_key: key })).status).toBe(401);
  });

  test('ends when the key is revoked', async () => {
    const { project, id, key } = await aKey();
    const { token } = (await signIn({ api_key: key })).body;
    expect((await current(bearer(token))).status).toBe(200);
    const operator = bearer((await signedIn()).body.token);
    await api.call('DELETE', `/v1/projects/${project}/keys/${id}`, { headers: operator });
    expect((await current(bearer(token))).status).toBe(401);
    expect((await signIn({ api_key: key })).status).toBe(401);
  });

  test('sees and ends sessions of the same key; an admin of all, those of all', async () => {
    const [one, other] = [await aKey(), await aKey()];
    const first = (await signIn({ api_key: one.key })).body;
    const second = (await signIn({ api_key: one.key })).body;
    const strange = (await signIn({ api_key: other.key })).body;
    const headers = bearer(first.token);
    const listed = async (by: Record<string, string>) =>
      (await api.call('GET', '/v1/sessions?page_size=100', { headers: by })).body.data.map(
        ({ id }: { id: string }) => id,
      );
    expect(await listed(headers)).toEqual([second.id, first.id]);
    for (const method of ['GET', 'DELETE'])
      expect((await api.call(method, `/v1/sessions/${strange.id}`, { headers })).status).toBe(404);
    expect((await api.call('DELETE', `/v1/sessions/${second.id}`, { headers })).status).toBe(204);
    const operator = bearer((await signedIn()).body.token);
    expect(await listed(operator)).toEqual(expect.arrayContaining([first.id, strange.id]));
    expect((await api.call('DELETE', `/v1/sessions/${strange.id}`, { headers: operator })).status).toBe(204);
    expect((await current(bearer(strange.token))).status).toBe(401);
  });
});

describe('all sessions of a person', () => {
  const end = (subject: string | undefined, headers: Record<string, string>) =>
    api.call('DELETE', `/v1/sessions${subject === undefined ? '' : `?subject=${subject}`}`, { headers });
  const statuses = (...tokens: string[]) =>
    Promise.all(tokens.map(async (token) => (await current(bearer(token))).status));

  test('are ended by the person, and none of another', async () => {
    const [one, other] = [await aKey(), await aKey()];
    const mine = [await signIn({ api_key: one.key }), await signIn({ api_key: one.key })].map(({ body }) => body.token);
    const theirs = (await signIn({ api_key: other.key })).body.token;
    expect((await end(other.id, bearer(mine[0]))).status).toBe(404);
    expect(await statuses(...mine, theirs)).toEqual([200, 200, 200]);
    expect((await end(undefined, bearer(mine[0]))).status).toBe(204);
    expect(await statuses(...mine, theirs)).toEqual([401, 401, 200]);
  });

  test('are ended by an admin of all, however many, and take back the cookie of the own one alone', async () => {
    const { key, id } = await aKey();
    const tokens: string[] = [];
    for (let n = 0; n < 101; n++) tokens.push((await signIn({ api_key: key })).body.token);
    const admin = bearer((await signedIn()).body.token);
    const ended = await end(id, admin);
    expect([ended.status, ended.cookies]).toEqual([204, []]);
    expect(new Set(await statuses(...tokens))).toEqual(new Set([401]));
    expect((await end(id, admin)).status).toBe(404);
    const own = await end('operator', admin);
    expect([own.status, own.cookies.length]).toEqual([204, 1]);
    expect((await current(admin)).status).toBe(401);
  });

  test('of a portal are told apart by the name of the link', async () => {
    const { project } = await aKey();
    const admin = bearer((await signedIn()).body.token);
    const enter = async (name: string) => {
      const link = await api.call('POST', `/v1/projects/${project}/portal`, { headers: admin, body: { name } });
      return (await signIn({ portal_token: link.body.token })).body;
    };
    const [ada, bob] = [await enter('Ada'), await enter('Bob')];
    const seen = await api.call('GET', '/v1/sessions', { headers: bearer(ada.token) });
    expect(seen.body.data.map(({ id }: { id: string }) => id)).toEqual([ada.id]);
    expect((await api.call('GET', `/v1/sessions/${bob.id}`, { headers: bearer(ada.token) })).status).toBe(404);
    expect((await end(undefined, bearer(ada.token))).status).toBe(204);
    expect(await statuses(ada.token, bob.token)).toEqual([401, 200]);
    expect((await end(project, admin)).status).toBe(204);
    expect(await statuses(bob.token)).toEqual([401]);
  });
});

test.each([{}, { operator_key: 'x', api_key: 'y' }])('neither none nor both keys: %j', async (body) => {
  expect((await signIn(body)).status).toBe(400);
});

describe('a portal link', () => {
  async function aLink(more: object = {}) {
    const { project } = await aKey();
    const headers = bearer((await signedIn()).body.token);
    const answer = await api.call('POST', `/v1/projects/${project}/portal`, {
      headers,
      body: { name: 'Ada', ...more },
    });
    expect(answer.status).toBe(201);
    return { project, headers, portal_token: answer.body.token, link: answer.body };
  }

  test('signs in once, to one project, as a viewer unless it says member', async () => {
    for (const [more, role] of [
      [{}, 'viewer'],
      [{ role: 'member' }, 'member'],
    ] as const) {
      const { project, portal_token } = await aLink(more);
      const { status, body } = await signIn({ portal_token });
      expect(status).toBe(200);
      expect(body).toMatchObject({ signed_in_by: 'portal', subject: project, name: 'Ada', roles: { [project]: role } });
      expect((await current(bearer(body.token))).body.id).toBe(body.id);
      expect((await signIn({ portal_token })).status).toBe(401);
    }
  });

  test('is no session by itself, and makes no admin', async () => {
    const { portal_token, project, headers } = await aLink();
    expect((await current(bearer(portal_token))).status).toBe(401);
    const body = { name: 'Ada', role: 'admin' };
    expect((await api.call('POST', `/v1/projects/${project}/portal`, { headers, body })).status).toBe(400);
  });

  test('is followed by one of two at the same time', async () => {
    const { portal_token } = await aLink();
    const answers = await Promise.all([signIn({ portal_token }), signIn({ portal_token })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test('of a repeated request signs in, though the first try was interrupted after its link was stored', async () => {
    const { project } = await aKey();
    const { handle } = routes.find(({ path }) => path === '/v1/projects/{id}/portal')!;
    const id = makeId('ses', Date.now(), Buffer.alloc(8));
    const now = Date.now() + api.clock.offset;
    const request = { body: { name: 'Ada', role: 'viewer' }, params: { id: project }, newId: () => id, now };
    for (const _try of [1, 2]) {
      const { body } = await handle(request as never, api.ports as never);
      expect((await signIn({ portal_token: (body as { token: string }).token })).status).toBe(200);
      await handle(request as never, api.ports as never); // its answer is lost
    }
  });

  test('ends after ten minutes, and when an admin revokes it', async () => {
    const { portal_token } = await aLink();
    api.clock.offset += 10 * 60_000;
    expect((await signIn({ portal_token })).status).toBe(401);
    const another = await aLink();
    const revoked = await api.call('DELETE', `/v1/sessions/${another.link.id}`, { headers: another.headers });
    expect(revoked.status).toBe(204);
    expect((await signIn({ portal_token: another.portal_token })).status).toBe(401);
  });

  test('ends with its project, as the session that it made', async () => {
    const { portal_token, project, headers } = await aLink();
    const { token } = (await signIn({ portal_token })).body;
    await api.call('DELETE', `/v1/projects/${project}?confirm=${project}`, { headers });
    expect((await current(bearer(token))).status).toBe(401);
  });
});

describe('a console link', () => {
  const linkOf = async (token: string) => {
    const answer = await api.call('POST', '/v1/sessions/link', { headers: bearer(token) });
    expect(answer.status).toBe(201);
    return answer.body;
  };

  test('signs in once, as the person who made it', async () => {
    const { key } = await aKey(['read'], new Date(Date.now() + api.clock.offset + 3_600_000).toISOString());
    for (const given of [{ operator_key: OPERATOR_KEY }, { api_key: key }]) {
      const own = (await signIn(given)).body;
      const link = await linkOf(own.token);
      expect(Date.parse(link.expires_at) - Date.parse(own.created_at)).toBeLessThanOrEqual(11 * 60_000);
      expect((await current(bearer(link.token))).status).toBe(401);
      const { status, body } = await signIn({ portal_token: link.token });
      expect(status).toBe(200);
      const { name, subject, signed_in_by, roles, permissions, expires_at } = own;
      expect(body).toMatchObject({ name, subject, signed_in_by, roles, permissions, expires_at });
      expect(body.id).not.toBe(own.id);
      expect((await current(bearer(body.token))).body.id).toBe(body.id);
      expect((await signIn({ portal_token: link.token })).status).toBe(401);
    }
  });

  test('ends with all sessions of the person, and its session with the operator key', async () => {
    const { token } = (await signedIn()).body;
    const [link, later] = [await linkOf(token), await linkOf(token)];
    const session = (await signIn({ portal_token: link.token })).body;
    operatorKey = 'another operator key';
    expect((await current(bearer(session.token))).status).toBe(401);
    operatorKey = OPERATOR_KEY;
    expect((await api.call('DELETE', '/v1/sessions', { headers: bearer(token) })).status).toBe(204);
    expect((await signIn({ portal_token: later.token })).status).toBe(401);
  });

  test('ends after ten minutes', async () => {
    const link = await linkOf((await signedIn()).body.token);
    api.clock.offset += 10 * 60_000;
    expect((await signIn({ portal_token: link.token })).status).toBe(401);
  });
});

describe("a browser's cookie", () => {
  const withCookie = async () => {
    const { body, cookies } = await signIn({ operator_key: OPERATOR_KEY, cookie: true });
    expect(body.token).toBeUndefined();
    return cookies[0]!;
  };
  const sent = (cookie: string) => [cookie.split(';')[0]!];
  const call = (method: string, path: string, cookie: string, headers: Record<string, string> = {}, body?: object) =>
    api.call(method, path, { cookies: ['theme=dark', ...sent(cookie)], headers, ...(body && { body }) });

  test('is for this host, over HTTPS, and for no script', async () => {
    const cookie = await withCookie();
    expect(cookie).toMatch(/^__Host-punctual-session=ses_[0-9a-f]{32}\.[\w-]{43}; /);
    const attributes = cookie.split('; ').slice(1);
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${SESSION_MS / 1000}`, 'Secure']);
    expect((await call('GET', '/v1/sessions/current', cookie)).body.name).toBe('operator');
  });

  test.each(['POST', 'PATCH', 'DELETE'])('does not let another page make a %s', async (method) => {
    const cookie = await withCookie();
    const path = method === 'POST' ? '/v1/projects' : `/v1/projects/${(await aKey()).project}`;
    const body = method === 'DELETE' ? undefined : { name: 'changed' };
    for (const site of ['cross-site', 'same-site', 'none', undefined]) {
      const answer = await call(method, path, cookie, { ...(site && { 'sec-fetch-site': site }) }, body);
      expect([site, answer.status]).toEqual([site, 403]);
    }
    expect((await call(method, path, cookie, { 'sec-fetch-site': 'same-origin' }, body)).status).toBeLessThan(300);
  });

  test('gives way to a key that is sent', async () => {
    const cookie = await withCookie();
    const { key, project } = await aKey();
    const answer = await call('POST', '/v1/retry-policies', cookie, { 'x-api-key': key }, { name: 'x' });
    expect([answer.status, answer.body.project_id]).toEqual([201, project]);
  });

  test('is taken back at the sign-out', async () => {
    const cookie = await withCookie();
    const out = await call('DELETE', '/v1/sessions/current', cookie, { 'sec-fetch-site': 'same-origin' });
    expect(out.cookies).toEqual(['__Host-punctual-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure']);
    expect((await call('GET', '/v1/sessions/current', cookie)).status).toBe(401);
  });
});

describe('failed sign-ins', () => {
  const wrong = (sourceIp: string) => signIn({ operator_key: 'guess' }, { sourceIp });
  const right = (sourceIp: string) => signIn({ operator_key: OPERATOR_KEY }, { sourceIp });
  const fail = async (times: number, address: (n: number) => string) => {
    for (let n = 0; n < times; n++) expect((await wrong(address(n))).status).toBe(401);
  };

  test('close the door to their address alone, and for a quarter of an hour at most', async () => {
    await fail(MOST_OF_ADDRESS, () => '198.51.100.1');
    const refused = await right('198.51.100.1');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect((await right('198.51.100.2')).status).toBe(200);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(FAILURES_MS / 1000 - 60);
    api.clock.offset += seconds * 1000;
    expect((await right('198.51.100.1')).status).toBe(200);
  });

  test('close the door to a network of IPv6, whichever of its addresses they come from', async () => {
    await fail(MOST_OF_ADDRESS, (n) => `2001:db8:1:2::${n}`);
    expect((await right('2001:db8:1:2:aaaa::')).status).toBe(429);
    expect((await right('2001:db8:1:3::1')).status).toBe(200);
  });

  test('of very many addresses leave each address one, and let the right key in', async () => {
    await fail(MOST_OF_ALL, (n) => `198.51.101.${n}`);
    await fail(1, () => '198.51.102.1');
    expect((await right('198.51.102.1')).status).toBe(429);
    expect((await right('198.51.102.2')).status).toBe(200);
  });

  test('are counted, and written down once for each address', async () => {
    const { metrics } = api.ports as unknown as { metrics: { counts: { sign_ins_failed?: number } } };
    const before = metrics.counts.sign_ins_failed ?? 0;
    const sourceIp = '198.51.103.1';
    await fail(MOST_OF_ADDRESS, () => sourceIp);
    await wrong(sourceIp);
    expect(metrics.counts.sign_ins_failed! - before).toBe(MOST_OF_ADDRESS + 1);
    const headers = bearer((await right('198.51.103.2')).body.token);
    const lines = (await api.call('GET', '/v1/audit', { headers })).text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const [refused, ...more] = lines.filter(({ source_ip }) => source_ip === sourceIp);
    expect(more).toEqual([]);
    expect(refused).toMatchObject({
      actor: { type: 'unknown' },
      action: 'POST /v1/sessions',
      status: 429,
      after: null,
    });
    const [entry] = lines.filter(({ source_ip }) => source_ip === '198.51.103.2');
    expect(entry).toMatchObject({
      actor: { type: 'person', name: 'operator' },
      action: 'POST /v1/sessions',
      status: 200,
    });
    expect(entry.after).toMatchObject({ id: entry.actor.session, signed_in_by: 'operator_key' });
    expect(JSON.stringify(lines)).not.toMatch(/token_hash|fingerprint|"token":"[^*]/);
  });

  test("are of the viewer behind the console's distribution, whose mark no caller can guess", async () => {
    (api.ports.settings as { distributionMark?: string }).distributionMark = 'the mark';
    const through = (viewer: string, mark: string) => ({
      sourceIp: '198.51.104.1', // the distribution's own
      headers: { 'x-punctual-distribution': mark, 'x-forwarded-for': `192.0.2.99, ${viewer}, 198.51.104.1` },
    });
    for (let n = 0; n < MOST_OF_ADDRESS; n++)
      await signIn({ operator_key: 'guess' }, through('203.0.113.1', 'the mark'));
    const key = { operator_key: OPERATOR_KEY };
    expect((await signIn(key, through('203.0.113.1', 'the mark'))).status).toBe(429);
    expect((await signIn(key, through('203.0.113.2', 'the mark'))).status).toBe(200);
    for (let n = 0; n < MOST_OF_ADDRESS; n++)
      await signIn({ operator_key: 'guess' }, through(`203.0.113.${n}`, 'a guess'));
    expect((await signIn(key, through('203.0.113.77', 'a guess'))).status).toBe(429);
  });
});
