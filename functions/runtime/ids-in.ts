/** Fields of tokens and notices that hold ids and kinds. */
const NAMING = new Set(
  'kind project run attempt task endpoint schedule occurrence event job dead_letter hop'.split(' '),
);

/** The part of a message's body that may be logged: its ids, and no other content. In the intake `task` is a whole task. */
export function idsIn(body: string): Record<string, unknown> {
  try {
    const fields = Object.entries(JSON.parse(body) as object);
    return Object.fromEntries(fields.filter(([name, value]) => NAMING.has(name) && typeof value !== 'object'));
  } catch {
    return {};
  }
}
