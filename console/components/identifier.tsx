/** An id, whole, with a button that copies it. */
export function Identifier({ id }: { readonly id: string }) {
  return (
    <span class="identifier">
      <code class="break">{id}</code>
      <wa-copy-button value={id} copy-label="Copy the id" />
    </span>
  );
}

/** An id's last eight digits: the random ones, by which people tell two apart. */
export const shortId = (id: string): string => `${id.split('_')[0]}_…${id.slice(-8)}`;
