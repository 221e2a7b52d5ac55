import type { OutboundRequest } from './kind.js';

/** One signal for the whole call, aborted with the reason `timed_out` or `cancelled`. */
export function startLimit({ timeoutMs, cancel }: Pick<OutboundRequest, 'timeoutMs' | 'cancel'>): {
  signal: AbortSignal;
  release: () => void;
} {
  const controller = new AbortController();
  const stopAs = (reason: 'timed_out' | 'cancelled') => () => controller.abort(reason);
  const timer = setTimeout(stopAs('timed_out'), timeoutMs);
  const onCancel = stopAs('cancelled');
  cancel?.addEventListener('abort', onCancel, { once: true });
  if (cancel?.aborted) onCancel();
  const release = () => {
    clearTimeout(timer);
    cancel?.removeEventListener('abort', onCancel);
  };
  return { signal: controller.signal, release };
}
