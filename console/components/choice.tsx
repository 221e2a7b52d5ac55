import { useState } from 'preact/hooks';

/** Rows of a list that the user has chosen, by key. */
export interface Choice {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (keys: readonly string[], isChosen: boolean) => void;
  readonly clear: () => void;
}

export function useChoice(): Choice {
  const [chosen, set] = useState<ReadonlySet<string>>(new Set());
  const choose = (keys: readonly string[], isChosen: boolean) =>
    set((before) => {
      const after = new Set(before);
      for (const key of keys) isChosen ? after.add(key) : after.delete(key);
      return after;
    });
  return { chosen, choose, clear: () => set(new Set()) };
}

export function RowChoice({ choice: { chosen, choose }, of }: { readonly choice: Choice; readonly of: string }) {
  return (
    <input
      type="checkbox"
      aria-label={`Choose ${of}`}
      checked={chosen.has(of)}
      onChange={(event) => choose([of], event.currentTarget.checked)}
    />
  );
}

/** Chooses all rows of the page, or none. */
export function AllChoice({ choice: { chosen, choose }, keys }: { readonly choice: Choice; readonly keys: string[] }) {
  const count = keys.filter((key) => chosen.has(key)).length;
  return (
    <input
      type="checkbox"
      aria-label="Choose all on this page"
      checked={count > 0 && count === keys.length}
      indeterminate={count > 0 && count < keys.length}
      onChange={(event) => choose(keys, event.currentTarget.checked)}
    />
  );
}
