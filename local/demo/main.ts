import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient } from '../api-client.js';
import { startLocalStack } from '../local-stack.js';
import { readyProject } from '../ready-project.js';
import { stories } from './stories.js';
import { Timeline } from './timeline.js';

/** `npm run demo`: the pipeline's story by itself, on free ports and a folder of its own; exits 0 only if all of it was seen. */
async function main(): Promise<void> {
  process.env['TZ'] = 'UTC';
  const data = mkdtempSync(join(tmpdir(), 'punctual-demo-'));
  const timeline = new Timeline();
  timeline.event('starting the local stack');
  const stack = await startLocalStack({ data });
  try {
    const { api_key } = await readyProject(stack.api, stack.operatorKey, data);
    timeline.event(`up at ${stack.api}, receiver at ${stack.receiver}`);
    const api = apiClient(stack.api, { 'X-API-Key': api_key });
    for (const [title, tell] of Object.entries(stories)) {
      timeline.heading(title);
      await tell({ api, receiver: stack.receiver, timeline });
    }
    timeline.heading(`All ${Object.keys(stories).length} stories went as told.`);
  } finally {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
