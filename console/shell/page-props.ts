/** What a page gets: the variables of its path. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}
