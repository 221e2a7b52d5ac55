import { SqsError } from './errors.js';

/** The content of a receipt handle: queue, message and number of the receive. */
interface Receipt {
  readonly queue: string;
  readonly messageId: string;
  /** 1 for the message's first receive; every receive has its own handle. */
  readonly receive: number;
}

/** A handle is opaque to clients, holds no secret, and names the same receive after a restart. */
export function encodeHandle({ queue, messageId, receive }: Receipt): string {
  return Buffer.from(`${queue}/${messageId}/${receive}`).toString('base64');
}

/** Throws ReceiptHandleIsInvalid unless this queue could have issued the handle. */
export function decodeHandle(handle: string, queue: string): Receipt {
  const [, name, messageId, receive] =
    /^([^/]+)\/([0-9a-f-]{36})\/(\d+)$/.exec(Buffer.from(handle, 'base64').toString()) ?? [];
  if (name !== queue || messageId === undefined)
    throw new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  return { queue, messageId, receive: Number(receive) };
}
