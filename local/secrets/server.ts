import { randomUUID } from 'node:crypto';
import { type Answer, type AnsweringServer, serveAnswers } from '../loopback-server.js';
import { type GenerateSecretString, generateSecretString } from './generate.js';
import { currentString, Secrets, SecretsError } from './operations.js';
import { arnOf } from './secret.js';

export interface SecretsServer extends AnsweringServer {
  /**
   * Generates the value once by AWS::SecretsManager::Secret's GenerateSecretString and keeps it, even when the settings
   * change. On AWS such a change makes another value, and all values encrypted with the old value are lost. `value()`
   * is the current SecretString. Throws for settings that are not supported.
   */
  ensureSecret(name: string, generate: GenerateSecretString): { arn: string; value(): string };
}

/** A local Secrets Manager (JSON 1.1). State is in `journalFile`, which only its owner may read. */
export async function startSecrets(options: { journalFile?: string; port?: number } = {}): Promise<SecretsServer> {
  const secrets = new Secrets(options.journalFile);
  const server = await serveAnswers(
    (request, body) => respond(() => perform(secrets, String(request.headers['x-amz-target']), body)),
    options.port,
  );
  return {
    ...server,
    ensureSecret: (name, generate) => {
      const secret = secrets.ensure(name, () => generateSecretString(generate));
      return { arn: arnOf(secret), value: () => currentString(secret) };
    },
  };
}

function perform(secrets: Secrets, target: string, body: Buffer): object {
  const input = JSON.parse(body.toString());
  if (target === 'secretsmanager.GetSecretValue') return secrets.getSecretValue(input);
  if (target === 'secretsmanager.PutSecretValue') return secrets.putSecretValue(input);
  if (target === 'secretsmanager.ListSecretVersionIds') return secrets.listSecretVersionIds(input);
  if (target === 'secretsmanager.UpdateSecretVersionStage') return secrets.updateSecretVersionStage(input);
  throw new UnknownOperation(`${target} is not served here`);
}

class UnknownOperation extends Error {
  override readonly name = 'UnknownOperationException';
}

function respond(work: () => object): Answer {
  try {
    return answerWith(200, work());
  } catch (error) {
    if (error instanceof SyntaxError)
      return answerWith(400, { __type: 'SerializationException', Message: error.message });
    if (error instanceof SecretsError || error instanceof UnknownOperation)
      return answerWith(400, { __type: error.name, Message: error.message });
    throw error;
  }
}

function answerWith(status: number, output: object): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
  return { status, headers, body: Buffer.from(JSON.stringify(output)) };
}
