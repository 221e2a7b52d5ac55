/** The headers that become fields of their own where a service takes no others. */
export function asFields(headers: Record<string, string>): Record<string, string> {
  const { 'idempotency-key': key, traceparent } = headers;
  return { ...(key && { 'idempotency-key': key }), ...(traceparent && { traceparent }) };
}

/** The `traceparent` in the form of X-Ray, whose ids of traces have the same digits. */
export function traceHeaderOf({ traceparent }: Record<string, string>): string | undefined {
  const [, trace, parent, flags] = traceparent?.split('-') ?? [];
  if (trace === undefined || parent === undefined) return undefined;
  const sampled = Number.parseInt(flags ?? '0', 16) & 1;
  return `Root=1-${trace.slice(0, 8)}-${trace.slice(8)};Parent=${parent};Sampled=${sampled}`;
}
