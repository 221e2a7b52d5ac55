import type { JsonSchema } from '../../../functions/api/openapi/json-schema.js';

/** What was really sent or answered, by the name of the schema that it is of. */
export class ExampleTaker {
  readonly examples: Record<string, unknown> = {};

  constructor(
    private readonly document: JsonSchema,
    private readonly asExample: (value: unknown) => unknown,
  ) {}

  /** The first that comes is the example; those inside of it are examples of what they refer to. */
  take(name: string, value: unknown): void {
    this.walk({ $ref: `#/components/schemas/${name}` }, this.asExample(value));
  }

  private walk(schema: JsonSchema, value: unknown): void {
    const { $ref, contentSchema, properties = {}, items, oneOf, anyOf } = schema;
    if (value === undefined) return;
    if ($ref !== undefined) {
      const name = $ref.slice($ref.lastIndexOf('/') + 1);
      if (value !== null) this.examples[name] ??= value;
      this.walk(this.document['components'].schemas[name], value);
    }
    if (contentSchema) for (const line of String(value).trim().split('\n')) this.walk(contentSchema, JSON.parse(line));
    const form = (oneOf ?? anyOf)?.find((one: JsonSchema) => this.fits(one, value));
    if (form) this.walk(form, value);
    if (Array.isArray(value)) for (const one of items ? value : []) this.walk(items, one);
    else if (typeof value === 'object' && value !== null)
      for (const [key, field] of Object.entries<JsonSchema>(properties)) this.walk(field, (value as JsonSchema)[key]);
  }

  /** As far as the forms of one field need it. */
  private fits(schema: JsonSchema, value: unknown): boolean {
    if (schema['$ref']) {
      const name = schema['$ref'].slice(schema['$ref'].lastIndexOf('/') + 1);
      return this.fits(this.document['components'].schemas[name], value);
    }
    const { type, properties } = schema;
    if (type === 'null') return value === null;
    if (type === 'string' || type === 'number') return typeof value === type;
    if (typeof value !== 'object' || value === null) return type === undefined;
    const constants = Object.entries<JsonSchema>(properties ?? {}).filter(([, field]) => 'const' in field);
    return constants.every(([key, field]) => (value as JsonSchema)[key] === field['const']);
  }
}
