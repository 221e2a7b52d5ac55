import './status-lamp.css';

/** The tone of each status. */
const TONES: Readonly<Record<string, 'still' | 'busy' | 'waiting' | 'good' | 'bad'>> = {
  pending: 'still',
  running: 'busy',
  retry_scheduled: 'waiting',
  success: 'good',
  dead_letter: 'bad',
  cancelled: 'still',
  skipped: 'still',
  failed: 'bad',
  timed_out: 'bad',
  blocked: 'bad',
  active: 'good',
  paused: 'waiting',
  disabled: 'bad',
  completed: 'good',
  deleted: 'still',
  open: 'bad',
  replayed: 'busy',
  resolved: 'good',
  ok: 'good',
  alarm: 'bad',
  insufficient_data: 'still',
};

/** The status of any object as a word; its colour only repeats the word. */
export function StatusLamp({ status }: { readonly status: string }) {
  return (
    <span class={`lamp ${TONES[status] ?? 'still'}`} data-status={status}>
      <span class="lamp-light" aria-hidden="true" />
      {status.replaceAll('_', ' ')}
    </span>
  );
}
