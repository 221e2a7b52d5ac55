import { readRemembered, remember } from './data-folder.js';

/** A project with a key, ready for the first request. */
export interface ReadyProject {
  readonly project_id: string;
  readonly project_signing_secret: string;
  readonly api_key: string;
  readonly key_id: string;
  readonly signing_secret: string;
}

const FILE = 'project.json';

/** The project of this data folder: made through the HTTP API at the first start, read from the folder later. */
export async function readyProject(api: string, operatorKey: string, data: string): Promise<ReadyProject> {
  const known = readRemembered<ReadyProject>(data, FILE);
  if (known) return known;
  const { token } = await post<{ token: string }>(`${api}/v1/sessions`, { operator_key: operatorKey });
  const project = await post<{ id: string; signing_secret: string }>(
    `${api}/v1/projects`,
    { name: 'local', environment: 'staging' },
    token,
  );
  const key = await post<{ id: string; key: string; signing_secret: string }>(
    `${api}/v1/projects/${project.id}/keys`,
    { label: 'local' },
    token,
  );
  const ready = {
    project_id: project.id,
    project_signing_secret: project.signing_secret,
    api_key: key.key,
    key_id: key.id,
    signing_secret: key.signing_secret,
  };
  remember(data, FILE, ready);
  return ready;
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
