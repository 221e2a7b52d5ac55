import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** JSON as it is written. Values of JavaScript lose digits, and the order of names. */
export class JsonText {
  constructor(readonly text: string) {}
}

const payloads = new WeakMap<Response, JsonText>();

/** Notes the payload that a good answer shows, unless it is a string or null, before the answer is read. */
export async function notePayload(response: Response): Promise<void> {
  if (!response.ok || !response.headers.get('content-type')?.startsWith('application/json')) return;
  const text = await response.clone().text();
  const tree = text.includes('"payload"') ? parseTree(text) : undefined;
  const payload = tree && findNodeAtLocation(tree, ['payload']);
  if (payload === undefined || payload.type === 'string' || payload.type === 'null') return;
  payloads.set(response, new JsonText(text.slice(payload.offset, payload.offset + payload.length)));
}

/** What was read of the answer, its payload as it is written. */
export function withPayload<Data>(data: Data, response: Response): Data {
  const payload = payloads.get(response);
  return payload ? { ...data, payload } : data;
}

/** A request's body, its payload as it is written. */
export function bodyText({ payload, ...others }: { readonly payload?: unknown }): string {
  if (!(payload instanceof JsonText)) return JSON.stringify({ ...others, ...(payload !== undefined && { payload }) });
  const rest = JSON.stringify(others).slice(1, -1);
  return `{${rest && `${rest},`}"payload":${payload.text}}`;
}
