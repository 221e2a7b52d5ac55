import * as z from 'zod/mini';
import { otherPrefixes, ownId } from '../formats/formats.js';
import { type IdPrefix, UUID_V7_HEX } from '../primitives/ids.js';

/** An id in a body or query, or as a dialect shows it. Only its form is checked, not that the object exists. */
export function idSchema(prefix: IdPrefix | 'job' | 'ex') {
  return anId(prefix, `${prefix}_${UUID_V7_HEX}`);
}

/** The id of a schedule or run in a filter of a list, in our own form or in the form of a dialect. */
export function idFilter(prefix: 'sch' | 'run') {
  const forms = `(?:(?:${[prefix, ...otherPrefixes(prefix)].join('|')})_${UUID_V7_HEX}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`;
  return z.pipe(
    anId(prefix, forms),
    z.transform((given: string) => ownId(prefix, given)),
  );
}

function anId(prefix: string, form: string) {
  const message = `Must be an id of the form ${prefix}_…`;
  const error = ({ input }: { readonly input?: unknown }) =>
    typeof input === 'number' ? `${message}: a string, as the API answered it, and no number.` : undefined;
  return z.string({ error }).check(z.regex(new RegExp(`^${form}$`), `${message}.`));
}
