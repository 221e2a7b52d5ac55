import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import { DEFAULT_RETRY_POLICY } from '../../functions/subjects/retry-policies/retry-policy.js';
import { NOW } from '../support/pipeline-world.js';
import { freshEndpoint, freshProject, type Stores } from './stores.js';

export function configReaderContract(stores: () => Stores): void {
  test('what is configured is found in its own project, and nowhere else', async () => {
    const { config } = stores();
    const project = freshProject();
    const endpoint = freshEndpoint(project);
    const policy = { ...DEFAULT_RETRY_POLICY, max_attempts: 2 };
    const id = makeId('rp', NOW, randomBytes(8));
    await stores().addProject(project);
    await stores().addEndpoint(endpoint);
    await stores().addPolicy(project.id, id, policy);
    expect(await config.project(project.id)).toEqual(project);
    expect(await config.endpoint(project.id, endpoint.id)).toEqual(endpoint);
    expect(await config.retryPolicy(project.id, id)).toMatchObject(policy);
    const other = freshProject();
    expect(await config.project(other.id)).toBeUndefined();
    expect(await config.endpoint(other.id, endpoint.id)).toBeUndefined();
    expect(await config.endpoint(project.id, freshEndpoint(project).id)).toBeUndefined();
    expect(await config.retryPolicy(other.id, id)).toBeUndefined();
    expect(await config.retryPolicy(project.id, makeId('rp', NOW, randomBytes(8)))).toBeUndefined();
  });
}
