import { createQueueSender } from '../queues/queue-sender.js';
import { wireApi } from './api-wiring.js';
import { intakeEnv, readEnv } from './env.js';
import { failureSettings, workedQueue } from './failure-wiring.js';
import { sqs } from './wiring.js';

/** The adapters of the intake: those of the API, and its own queue with its DLQ. */
export function wireIntake() {
  const { INTAKE_QUEUE_URL, INTAKE_DLQ_URL } = readEnv(intakeEnv);
  return {
    ports: wireApi(),
    queue: workedQueue(INTAKE_QUEUE_URL),
    sendRefused: createQueueSender(sqs, INTAKE_DLQ_URL),
    failures: failureSettings(),
  };
}
