import { Moment } from './moment.js';

interface LastUseProps {
  readonly at: string | null;
  /** An IP address. */
  readonly from: string | null;
}

/** When, and from where, a key or a session was used last; up to a minute late. */
export function LastUse({ at, from }: LastUseProps) {
  if (at === null) return <span class="quiet">never</span>;
  return (
    <div>
      <Moment at={at} distance />
      {from && <div class="quiet small break">from {from}</div>}
    </div>
  );
}
