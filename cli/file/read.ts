import { parseDocument } from 'yaml';
import { CommandFault } from '../exit-codes.js';
import { textOf } from '../input.js';
import schema from '../punctual-yaml.schema.json';
import { type Definitions, type Fields, type Named, SECTIONS, type Section, SINGULAR } from './sections.js';

/** Reads punctual.yaml. Names given twice, unknown fields and unset variables are refused; values are checked by the API. */
export function readDefinitions(
  file: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Definitions {
  const document = parseDocument(textOf(file));
  const [error] = document.errors;
  if (error) throw new CommandFault(`${file}: ${error.message.split('\n')[0]}`);
  const content = (document.toJS() ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(content).filter((name) => !SECTIONS.includes(name as Section));
  if (unknown.length > 0)
    throw new CommandFault(`${file}: ${unknown.join(', ')} is no section; there are ${SECTIONS.join(', ')}.`);
  const section = (name: Section): Named => {
    const objects = (content[name] ?? {}) as Record<string, Fields | null>;
    return Object.fromEntries(
      Object.entries(objects).map(([key, fields]) => [key, checked(file, name, key, fields ?? {}, env)]),
    );
  };
  return {
    retry_policies: section('retry_policies'),
    endpoints: section('endpoints'),
    schedules: section('schedules'),
  };
}

function checked(
  file: string,
  section: Section,
  name: string,
  fields: Fields,
  env: Readonly<Record<string, string | undefined>>,
): Fields {
  const where = `${file}: ${SINGULAR[section]} ${name}`;
  const known = Object.keys(schema.properties[section].additionalProperties.properties);
  const unknown = Object.keys(fields).filter((field) => !known.includes(field));
  if (unknown.length > 0)
    throw new CommandFault(`${where} has no field ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const empty = Object.keys(fields).filter((field) => fields[field] === null && field !== 'payload');
  if (empty.length > 0) throw new CommandFault(`${where}: ${empty.join(', ')} is empty; leave it out for its default.`);
  const filled = (headers: unknown) => withVariables(where, headers as Readonly<Record<string, string>>, env);
  const target = fields['target'] as Fields | undefined;
  return {
    ...fields,
    ...(fields['headers'] !== undefined && { headers: filled(fields['headers']) }),
    ...(target?.['headers'] !== undefined && { target: { ...target, headers: filled(target['headers']) } }),
  };
}

/** `${NAME}` in the value of a header is the environment's: a secret is not kept in the file. */
function withVariables(
  where: string,
  headers: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const filled = (value: string) =>
    String(value).replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = env[name];
      if (found === undefined) throw new CommandFault(`${where}: the variable ${name} is not set.`);
      return found;
    });
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)]));
}
