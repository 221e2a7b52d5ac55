import { askOnce } from './ask-once.js';
import type { ConfigReader } from './ports.js';

/** The same configuration, each object read once; for the length of one request, not longer. */
export function rememberConfig(config: ConfigReader): ConfigReader {
  const once = askOnce();
  return {
    project: (id) => once(id, () => config.project(id)),
    endpoint: (project, id) => once(`${project} ${id}`, () => config.endpoint(project, id)),
    retryPolicy: (project, id) => once(`${project} ${id}`, () => config.retryPolicy(project, id)),
  };
}
