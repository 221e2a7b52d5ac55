import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { UnknownFormatError } from '../../core/failure/failure-cause.js';

/**
 * Objects are stored deflated, so that a definition with its payload, or a state with its first attempt, stays within
 * the kilobyte that DynamoDB counts as one write unit.
 *
 * The dictionary holds what nearly every item repeats. It is part of the format: what was written with it cannot be read
 * without it, so a new one needs a new format number, and the old one stays.
 */
const DICTIONARY = Buffer.from(
  '"target":{"url":"https://","headers":{"authorization":"***","x-api-key":"***"},"timeout_ms":10000},' +
    '"source":{"type":"schedule","id":null},"payload":{"format":"text","body":"{\\"' +
    '"error":{"code":"connection_refused","message":"The endpoint answered with HTTP status 503 Service Unavailable."},' +
    '"response_headers":{"cache-control":"no-cache","server":"nginx","vary":"accept-encoding","x-request-id":"' +
    'connection":"keep-alive","keep-alive":"timeout=5","transfer-encoding":"chunked","date":"Mon, 01 Jan 2026 00:00:00 GMT",' +
    '"content-type":"application/json; charset=utf-8","content-length":"0"},"response_body":"{\\"ok\\":true}' +
    '"later_attempts":[],"first_attempt":{"status":"failed","http_status":503,"lateness_ms":0,"request_headers":{' +
    '"user-agent":"Punctual/0.1.0","idempotency-key":"run_","webhook-id":"run_","webhook-timestamp":"17","webhook-signature":"v1,' +
    '","punctual-attempt":"1","punctual-request-id":"","punctual-scheduled-for":"2026-","traceparent":"00-' +
    '"started_at":17,"finished_at":17,"request_id":"","trace_id":"","epoch":0,"limit":6,"reclaims":0,"nonce":"att_01' +
    '{"project_id":"proj_01","endpoint_id":"ep_01","run_id":"run_01","id":"run_01","source":{"type":"api","id":null},' +
    '"due":17,"max_attempts":6,"created_at":17,"expires_at":17,"payload":{"format":"json","body":"{\\"',
);

const FORMAT = 1;

export function pack(value: unknown): Uint8Array {
  const deflated = deflateRawSync(JSON.stringify(value), { dictionary: DICTIONARY, level: 9 });
  return Buffer.concat([Buffer.from([FORMAT]), deflated]);
}

/** @throws UnknownFormatError for a format that this release does not know */
export function unpack<Value>(packed: Uint8Array): Value {
  if (packed[0] !== FORMAT) throw new UnknownFormatError(`storage format ${packed[0]}`);
  return JSON.parse(inflateRawSync(packed.subarray(1), { dictionary: DICTIONARY }).toString()) as Value;
}
