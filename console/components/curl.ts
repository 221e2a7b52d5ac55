/** A `curl` command that works as pasted if $KEY holds an API key of the project; a body may be JSON already. */
export function curlCommand(method: 'GET' | 'POST', path: string, body?: object | string): string {
  const url = `${location.origin}${path}`;
  const head = `curl -sS ${method === 'GET' ? '' : `-X ${method} `}${url} -H "X-API-Key: $KEY"`;
  if (body === undefined) return head;
  const json = (typeof body === 'string' ? body : JSON.stringify(body, null, 2)).replaceAll("'", "'\\''");
  return `${head} \\\n  -H 'Content-Type: application/json' -d '${json}'`;
}
