import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient } from '../api-client.js';
import { command, runCommand } from '../command.js';
import { startLocalStack } from '../local-stack.js';
import { readyProject } from '../ready-project.js';
import { Stopping } from '../stopping.js';
import { STORIES } from './stories.js';
import { Timeline } from './timeline.js';

const demo = command(
  'npm run demo',
  'Tells the story of the pipeline, on free ports and in a folder of its own; fails unless all of it was seen.',
);

async function main(): Promise<void> {
  process.env['TZ'] = 'UTC';
  const stopping = new Stopping();
  const data = mkdtempSync(join(tmpdir(), 'punctual-demo-'));
  const timeline = new Timeline();
  timeline.event('starting the local stack');
  const stack = await startLocalStack({ data });
  const clearAway = async () => {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  };
  stopping.inOrder(clearAway);
  try {
    const { api_key } = await readyProject(stack.api, stack.operatorKey, data);
    timeline.event(`up at ${stack.api}, receiver at ${stack.receiver}`);
    const api = apiClient(stack.api, { 'X-API-Key': api_key });
    for (const story of STORIES) {
      timeline.heading(story.name);
      await story.tell({ api, receiver: stack.receiver, timeline });
    }
    timeline.heading(`All ${STORIES.length} stories went as told.`);
  } finally {
    await clearAway();
  }
  process.exit(0);
}

runCommand(demo, main);
