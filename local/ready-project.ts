import { readRemembered, remember } from './data-folder.js';
import { signedIn } from './operator.js';

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
  const operator = await signedIn(api, operatorKey);
  const named = { name: 'local', environment: 'staging' };
  const project = await operator.request<{ id: string; signing_secret: string }>('POST', '/v1/projects', named);
  const key = await operator.request<{ id: string; key: string; signing_secret: string }>(
    'POST',
    `/v1/projects/${project.id}/keys`,
    { label: 'local' },
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
