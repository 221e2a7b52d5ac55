import type { ConfigReader } from './ports.js';

/** The same configuration, each object read once; for the length of one request, not longer. */
export function rememberConfig(config: ConfigReader): ConfigReader {
  const seen = new Map<string, Promise<unknown>>();
  function once<Value>(key: string, read: () => Promise<Value>): Promise<Value> {
    const found = (seen.get(key) as Promise<Value> | undefined) ?? read();
    seen.set(key, found);
    return found;
  }
  return {
    project: (id) => once(id, () => config.project(id)),
    endpoint: (project, id) => once(`${project} ${id}`, () => config.endpoint(project, id)),
    retryPolicy: (project, id) => once(`${project} ${id}`, () => config.retryPolicy(project, id)),
  };
}
