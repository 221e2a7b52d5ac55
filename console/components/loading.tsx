import './states.css';

const LINES = [0, 1, 2, 3];

/** Lines in the place of a list, until the first answer. */
export function Loading() {
  return (
    <div class="card loading" role="status">
      <span class="unseen">Loading…</span>
      {LINES.map((line) => (
        <span key={line} class="loading-line" aria-hidden="true" />
      ))}
    </div>
  );
}
