import { durationText } from './durations.js';
import { useNow } from './use-now.js';

/** The time until `at`; `now` from that moment on. */
export function Countdown({ at }: { readonly at: string }) {
  const seconds = Math.ceil((Date.parse(at) - useNow()) / 1000);
  return <span class="numeric">{seconds > 0 ? `in ${durationText(seconds)}` : 'now'}</span>;
}
