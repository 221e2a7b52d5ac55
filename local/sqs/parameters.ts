import { invalidValue, missingParameter, SqsError } from './errors.js';

/** The JSON body of a request, or one entry of a batch. */
export type Input = Readonly<Record<string, unknown>>;

/** A required string; as in SQS, an empty string counts as missing. */
export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (!value) throw missingParameter(name);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw wrongType(name, 'a string');
  return value;
}

/** A whole number within the range, or undefined when the parameter is absent. */
export function optionalInteger(input: Input, name: string, min: number, max: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer');
  if (value < min || value > max) throw invalidValue(name, value, `Must be between ${min} and ${max}, if provided.`);
  return value;
}

export function integer(input: Input, name: string, min: number, max: number): number {
  const value = optionalInteger(input, name, min, max);
  if (value === undefined) throw missingParameter(name);
  return value;
}

export function textList(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw wrongType(name, 'a list of strings');
  return value;
}

/** A map such as `Attributes`; empty when absent. */
export function map<Value>(input: Input, name: string): Readonly<Record<string, Value>> {
  const value = input[name] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'a map');
  return value as Record<string, Value>;
}

export function wrongType(name: string, expected: string): SqsError {
  return new SqsError('SerializationException', `${name} must be ${expected}.`);
}
