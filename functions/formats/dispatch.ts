import { uuidOf } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';
import { type Format, hexHmac } from './format.js';

/** The dispatch dialect: the payload is in an envelope, which is built at each attempt. */
export const dispatch: Format = {
  ids: 'uuid',

  // The payload is JSON already, and is inserted verbatim.
  json({ id, title, payload }, firedAt) {
    const head = JSON.stringify({ jobId: uuidOf(id), title }).slice(0, -1);
    return `${head},"payload":${payload?.body ?? '{}'},"firedAt":"${isoTime(firedAt)}"}`;
  },

  headers({ body, timestamp, secrets }) {
    const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
    const signatures = secrets.map((secret) => `v1=${hexHmac(secret, signed)}`);
    return { 'x-dispatch-signature': [`t=${timestamp}`, ...signatures].join(',') };
  },
};
