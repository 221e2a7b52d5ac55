/** A JSON Schema of draft 2020-12, which OpenAPI 3.1 uses unchanged. */
// biome-ignore lint/suspicious/noExplicitAny: JSON Schema is whatever a keyword makes of it
export type JsonSchema = Record<string, any>;
