/** Something that the palette offers: a page of the console. */
export interface Found {
  /** What it is, such as `Endpoint`. */
  readonly kind: string;
  readonly text: string;
  /** More about it, such as an id. */
  readonly note?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Kinds of objects by the prefix of their ids, each with the path of its pages. */
const ID_KINDS: Readonly<Record<string, readonly [kind: string, path: string]>> = {
  run: ['Task run', '/runs'],
  dl: ['Dead letter', '/dead-letters'],
  sch: ['Schedule', '/schedules'],
  evt: ['Event', '/events'],
  ep: ['Endpoint', '/endpoints'],
  rp: ['Retry policy', '/retry-policies'],
  proj: ['Project', '/projects'],
};

/** The object that a whole id names. */
export function byId(text: string): Found | undefined {
  const [, prefix = ''] = /^([a-z]+)_[0-9a-f]{32}$/.exec(text) ?? [];
  const known = ID_KINDS[prefix];
  return known && { kind: known[0], text, path: `${known[1]}/${text}` };
}

/** The words of `text` are all in what is offered; those whose text begins with `text` are first. */
export function matching(offered: readonly Found[], text: string): readonly Found[] {
  const wanted = text.toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const rank = (found: Found) => (found.text.toLowerCase().startsWith(wanted) ? 0 : 1);
  return offered
    .filter((found) => {
      const whole = `${found.kind} ${found.text} ${found.note ?? ''}`.toLowerCase();
      return words.every((word) => whole.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** All that was found, without a second offer of the same page. */
export function once(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter(({ path, query }) => {
    const address = JSON.stringify([path, query]);
    if (seen.has(address)) return false;
    seen.add(address);
    return true;
  });
}
