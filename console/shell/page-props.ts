/** Props of a page: the variables of its path. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}
