import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { aRunOf, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

const small = { format: 'json', body: '{"a":1}' } as const;
const large = { format: 'text', body: Array.from({ length: 400 }, (_, n) => n * 7919).join() } as const;

test('a run that is made anew is what it is now: its payload, beside it or apart, and in the list of its endpoint', async () => {
  const project = world.addProject();
  const { runs, runLists } = world.ports;
  const [old, endpoint] = [world.addEndpoint(project), world.addEndpoint(project)];
  const run: RunDefinition = aRunOf(project, { endpoint_id: old.id, payload: small });
  const key = { project: project.id, run: run.id };
  await runs.create(run);
  for (const payload of [large, small]) {
    const anew = { ...run, endpoint_id: endpoint.id, payload };
    await runs.create(anew); // is there
    expect((await runs.find(key)).definition).not.toEqual(anew);
    await runs.replace(anew);
    expect((await runs.find(key)).definition).toEqual(anew);
    const listed = (endpoint_id: string) => runLists.runs([project], { endpoint_id }, undefined, 10);
    expect((await listed(endpoint.id)).rows.map(({ definition }) => definition.id)).toEqual([run.id]);
    expect((await listed(old.id)).rows).toEqual([]);
  }
});
