/** The one Region and account of the local stack; its ARNs carry them. */
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';
const STACK_NAME = 'Punctual-local';

/** The part of a synthesized CloudFormation template that the local stack reads. */
export interface CloudFormationTemplate {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: unknown }>;
}

/** The names of an existing resource: the values of its Ref and of each Fn::GetAtt. */
export interface PhysicalResource {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}
export type PhysicalResources = ReadonlyMap<string, PhysicalResource>;

/** A resource with every intrinsic function of its properties resolved. */
export interface Resource {
  readonly logicalId: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no static type.
  readonly properties: any;
}

const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': STACK_NAME,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${STACK_NAME}/local`,
};

/** The template's resources of one of `types`, in template order. Throws as `resolve` does. */
export function resourcesOf(
  template: CloudFormationTemplate,
  physical: PhysicalResources,
  ...types: string[]
): Resource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => types.includes(resource.Type))
    .map(([logicalId, { Properties = {} }]) => ({
      logicalId,
      properties: resolve(Properties, physical, logicalId),
    }));
}

/**
 * The logical id of the one resource of `type` whose id is, ends with or contains `part`, in this order and without the
 * CDK's hash. Throws unless there is exactly one.
 */
export function findLogicalId(template: CloudFormationTemplate, type: string, part: string): string {
  const ids = Object.keys(template.Resources).filter((id) => template.Resources[id]?.Type === type);
  const plain = (id: string) => id.replace(/[0-9A-F]{8}$/, '');
  const exact = ids.filter((id) => id === part || plain(id) === part);
  const ending = ids.filter((id) => plain(id).endsWith(part));
  const containing = ids.filter((id) => id.includes(part));
  const [found, ...others] = [exact, ending, containing].find((candidates) => candidates.length > 0) ?? [];
  if (!found || others.length > 0) throw new Error(`not exactly one ${type} is called ${part}: ${ids.join(', ')}`);
  return found;
}

/**
 * `value` with its intrinsic functions resolved; `where` names the value in errors. Throws on an unknown intrinsic
 * function, and on a name that `physical` does not have.
 */
export function resolve(value: unknown, physical: PhysicalResources, where = 'template'): unknown {
  if (typeof value === 'string') return refuseDynamicReference(value, where);
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, physical, where)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = [], ...others] = Object.entries(value);
  if (key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
    return intrinsic(key, argument, physical, where);
  }
  const properties = Object.entries(value).map(([name, inner]) => [name, resolve(inner, physical, `${where}.${name}`)]);
  return Object.fromEntries(properties.filter(([, inner]) => inner !== undefined));
}

function refuseDynamicReference(text: string, where: string): string {
  if (text.includes('{{resolve:')) throw new Error(`${where}: dynamic references are not supported locally: ${text}`);
  return text;
}

function intrinsic(name: string, argument: unknown, physical: PhysicalResources, where: string): unknown {
  const resolved = () => resolve(argument, physical, where) as never;
  switch (name) {
    case 'Ref':
      return ref(String(argument), physical, where);
    case 'Fn::GetAtt':
      return attribute(argument, physical, where);
    case 'Fn::Join':
      return join(resolved());
    case 'Fn::Select':
      return select(resolved(), where);
    case 'Fn::Split':
      return split(resolved());
    case 'Fn::Sub':
      return substitute(argument, physical, where);
    default:
      throw new Error(`${where}: ${name} is not supported locally`);
  }
}

function ref(name: string, physical: PhysicalResources, where: string): string | undefined {
  if (name === 'AWS::NoValue') return undefined; // CloudFormation then drops the property
  const value = PSEUDO_PARAMETERS[name] ?? physical.get(name)?.ref;
  if (value === undefined) throw new Error(`${where}: cannot resolve Ref ${name}`);
  return value;
}

function attribute(argument: unknown, physical: PhysicalResources, where: string): string {
  const [logicalId = '', ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  const value = physical.get(logicalId)?.attributes?.[rest.join('.')];
  if (value === undefined) throw new Error(`${where}: cannot resolve Fn::GetAtt ${logicalId}.${rest.join('.')}`);
  return value;
}

const join = ([separator, parts]: [string, string[]]): string => parts.join(separator);
const split = ([separator, text]: [string, string]): string[] => text.split(separator);

function select([index, list]: [string | number, unknown[]], where: string): unknown {
  const item = list[Number(index)];
  if (item === undefined) throw new Error(`${where}: Fn::Select has no item ${index}`);
  return item;
}

/** `${Name}` is a Ref (or a name of the given map), `${Name.Attribute}` a GetAtt, `${!Text}` the literal `${Text}`. */
function substitute(argument: unknown, physical: PhysicalResources, where: string): string {
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  const given = resolve(values, physical, where) as Record<string, string>;
  return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (given[name] !== undefined) return given[name];
    return (name.includes('.') ? attribute(name, physical, where) : ref(name, physical, where)) ?? '';
  });
}
