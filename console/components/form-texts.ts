/** What stands in a form's fields, by name; a ticked box is `on`, an empty one is missing. */
export function textsOf(form: HTMLFormElement): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}
