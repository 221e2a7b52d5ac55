import schema from '../punctual-yaml.schema.json';

/** The sections of a file, in the order in which their objects need each other. */
export const SECTIONS = ['retry_policies', 'endpoints', 'schedules'] as const;
export type Section = (typeof SECTIONS)[number];

export type Fields = Readonly<Record<string, unknown>>;
/** Objects by name. */
export type Named = Readonly<Record<string, Fields>>;
export type Definitions = Readonly<Record<Section, Named>>;

/** What an object is called in a sentence. */
export const SINGULAR: Readonly<Record<Section, string>> = {
  retry_policies: 'retry policy',
  endpoints: 'endpoint',
  schedules: 'schedule',
};

const { endpoints, schedules } = schema.properties;

/** What a field has that the file does not name. `status` is not here: what was paused by hand stays paused. */
export function defaultsOf(section: Section, fields: Fields): Fields {
  if (section === 'retry_policies') return policyDefaults(fields);
  const { status: _, ...defaults } = defaultsIn({ endpoints, schedules }[section].additionalProperties.properties);
  return defaults;
}

function defaultsIn(properties: Readonly<Record<string, object>>): Fields {
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, 'default' in field ? field.default : null]),
  );
}

function policyDefaults({ strategy = 'custom', base_delay_seconds = 30, delays_seconds }: Fields): Fields {
  const delays = (delays_seconds ?? (strategy === 'custom' ? [30, 120, 600, 3_600, 21_600] : [])) as number[];
  return {
    strategy,
    base_delay_seconds: 30,
    delays_seconds: delays,
    max_delay_seconds: Math.max(21_600, base_delay_seconds as number, ...delays),
    max_attempts: strategy === 'custom' ? delays.length + 1 : 6,
    jitter: 'none',
    retry_on_statuses: null,
    honor_retry_after: true,
  };
}

/** An inline target with what its file leaves out, of the fields that targets of its kind show. */
export function wholeTarget(target: Fields, shown: Fields): Fields {
  const defaults = Object.entries(defaultsIn(schema.$defs.NewTarget.properties)).filter(([name]) => name in shown);
  return { ...Object.fromEntries(defaults), ...target };
}
