import { isDeepStrictEqual } from 'node:util';
import schema from '../punctual-yaml.schema.json';
import type { Present } from './present.js';
import { type Definitions, defaultsOf, type Fields, type Named, type Section } from './sections.js';

/** The project as a file: only what differs from its default. */
export function exported(present: Present): Definitions {
  const section = (name: Section): Named =>
    Object.fromEntries([...present[name]].reverse().map(([key, { fields }]) => [key, shortened(name, fields)]));
  return {
    retry_policies: section('retry_policies'),
    endpoints: section('endpoints'),
    schedules: section('schedules'),
  };
}

/** Field by field, what can be left out without a change of the whole. */
function shortened(section: Section, fields: Fields): Fields {
  const names = Object.keys(schema.properties[section].additionalProperties.properties).filter(
    (name) => name !== 'status',
  );
  const given = Object.fromEntries(
    names.map((name) => [name, fields[name] ?? null]).filter(([, value]) => value !== null),
  ) as Fields;
  const whole = (short: Fields) => ({ ...defaultsOf(section, short), ...short });
  return Object.keys(given).reduce<Fields>((short, name) => {
    const { [name]: _, ...without } = short;
    return isDeepStrictEqual(whole(without), whole(given)) ? without : short;
  }, given);
}
