/** A whole id with a copy button. */
export function Identifier({ id }: { readonly id: string }) {
  return (
    <span class="identifier">
      <code class="break">{id}</code>
      <wa-copy-button value={id} copy-label="Copy the id" />
    </span>
  );
}

/** An id's last eight digits, which are random and tell two ids apart. */
export const shortId = (id: string): string => `${id.split('_')[0]}_…${id.slice(-8)}`;
