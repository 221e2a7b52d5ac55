/** Until the first answer: quiet, since it is mostly gone before it is read. */
export function Loading() {
  return (
    <p class="quiet" role="status">
      Loading…
    </p>
  );
}
