/** A JSON Schema of draft 2020-12, which OpenAPI 3.1 uses unchanged. */
// biome-ignore lint/suspicious/noExplicitAny: the value of a keyword can be of any type
export type JsonSchema = Record<string, any>;
