import type { SQSRecord } from 'aws-lambda';
import { accountCaller } from '../api/http/account-caller.js';
import type { ApiEvent, Credential } from '../api/http/route.js';
import { createApi } from '../api/http/serve.js';
import { publishOne } from '../api/routes/events.js';
import { createOne } from '../api/routes/tasks.js';
import { type Fault, InvalidRequestError } from '../primitives/faults.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import { type Asked, readEnvelope } from './envelope.js';

/** A message as a request of the API. */
interface MessageRequest extends ApiEvent {
  readonly project: string;
  /** Who sent the message, as SQS names it. */
  readonly sender: string;
}

/** The attributes by which a copy of a message stays that message. */
export const MESSAGE_ID = 'message_id';
export const SENT_AT = 'sent_at';

export type TakeMessage = (message: SQSRecord) => Promise<void>;

/**
 * Does what a message asks for by the rows of the API, with their checks, quotas and records: once for all its deliveries
 * and copies. @throws the errors of the API
 */
export function createTakeMessage(ports: ApiPorts): TakeMessage {
  const serve = createApi<MessageRequest>([createOne, publishOne], ports, credentialOf);
  return async (message) => {
    const asked = readEnvelope(message.body, ports.settings);
    try {
      await serve(requestOf(asked, message));
    } catch (error) {
      throw error instanceof InvalidRequestError ? new InvalidRequestError(error.faults.map(faultIn(asked))) : error;
    }
  };
}

/** Who may send to the queue may publish into every project: IAM has decided that already. */
function credentialOf({ project, sender }: MessageRequest, ports: ApiPorts): Promise<Credential> {
  return accountCaller(ports, sender, project, ['publish']);
}

function requestOf({ project, path, body, key, headers }: Asked, message: SQSRecord): MessageRequest {
  const { attributes, messageAttributes } = message;
  const id = messageAttributes[MESSAGE_ID]?.stringValue ?? message.messageId;
  return {
    project,
    sender: attributes.SenderId,
    message: { sentAt: sentAtOf(message), hasOwnKey: key !== undefined },
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key ?? id },
    requestContext: {
      accountId: '',
      apiId: '',
      domainName: '',
      domainPrefix: '',
      http: { method: 'POST', path, protocol: 'SQS', sourceIp: '', userAgent: '' },
      requestId: id,
      routeKey: `POST ${path}`,
      stage: '',
      time: '',
      timeEpoch: 0,
    },
    body,
    isBase64Encoded: false,
  };
}

/**
 * When SQS took the message, or the original of this copy (Unix milliseconds). A copy's attribute counts if it is earlier:
 * a sender could set the same attribute, and no message is sent in the future.
 */
export function sentAtOf({ attributes, messageAttributes }: SQSRecord): number {
  const [sent, carried] = [Number(attributes.SentTimestamp), Number(messageAttributes[SENT_AT]?.stringValue)];
  return carried > 0 && carried < sent ? carried : sent;
}

/** A fault where the sender finds it: in the message, of which the request's body was a part. */
const faultIn =
  ({ field }: Asked) =>
  ({ pointer, message }: Fault): Fault => ({
    pointer: /^(\/|$)/.test(pointer) ? `/${field}${pointer}` : pointer,
    message,
  });
