import { COMMIT_WINDOW_MS } from '../rules/attempt-decision.js';
import type { RunPorts } from '../rules/ports.js';
import type { BulkToken, FanOutToken } from '../rules/token.js';

/**
 * For a page's token that is ahead of what is recorded. Either the commit is on its way, or its sender has died: then
 * the sender's own message comes again and sends a new token, and this token may be dropped.
 */
export async function putBackPage(
  ports: Pick<RunPorts, 'clock' | 'wakeUps'>,
  token: BulkToken | FanOutToken,
): Promise<void> {
  if (ports.clock.now() - token.sent_at < COMMIT_WINDOW_MS)
    await ports.wakeUps.sendToDispatcher({ ...token, hop: token.hop + 1 });
}
