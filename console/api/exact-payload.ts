import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** JSON as its own text: JavaScript values lose digits and the order of names. */
export class JsonText {
  constructor(readonly text: string) {}
}

const payloads = new WeakMap<Response, JsonText>();

/** Keeps the text of a successful answer's payload, unless it is a string or null, before the answer is read. */
export async function notePayload(response: Response): Promise<void> {
  if (!response.ok || !response.headers.get('content-type')?.startsWith('application/json')) return;
  const text = await response.clone().text();
  const tree = text.includes('"payload"') ? parseTree(text) : undefined;
  const payload = tree && findNodeAtLocation(tree, ['payload']);
  if (payload === undefined || payload.type === 'string' || payload.type === 'null') return;
  payloads.set(response, new JsonText(text.slice(payload.offset, payload.offset + payload.length)));
}

/** The data of an answer, with its payload as text. */
export function withPayload<Data>(data: Data, response: Response): Data {
  const payload = payloads.get(response);
  return payload ? { ...data, payload } : data;
}

/** A request's body, with its payload as text. */
export function bodyText({ payload, ...others }: { readonly payload?: unknown }): string {
  if (!(payload instanceof JsonText)) return JSON.stringify({ ...others, ...(payload !== undefined && { payload }) });
  const rest = JSON.stringify(others).slice(1, -1);
  return `{${rest && `${rest},`}"payload":${payload.text}}`;
}
