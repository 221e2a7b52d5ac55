import { commandAt } from './code-languages.js';

/** A `curl` command for this installation that works as pasted if $KEY holds an API key of the project. */
export const curlCommand = (method: 'GET' | 'POST', path: string, body?: object): string =>
  commandAt(location.origin, method, path, body && JSON.stringify(body, null, 2));
