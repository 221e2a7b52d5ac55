/** Shown until the first answer. Unobtrusive, because it is usually gone before it is read. */
export function Loading() {
  return (
    <p class="quiet" role="status">
      Loading…
    </p>
  );
}
