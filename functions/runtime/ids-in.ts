/** The fields of tokens and notices that name something. */
const NAMING = new Set(
  'kind project run attempt task endpoint schedule occurrence event job dead_letter hop'.split(' '),
);

/** Of a message's body what may be logged: the ids that it names, and nothing else that somebody may have put there. */
export function idsIn(body: string): Record<string, unknown> {
  try {
    const fields = Object.entries(JSON.parse(body) as object);
    return Object.fromEntries(fields.filter(([name]) => NAMING.has(name)));
  } catch {
    return {};
  }
}
