/** The caller's trace (W3C Trace Context): what we send on its behalf belongs to it. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** Two hex digits. */
  readonly flags: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** Reads a `traceparent` header; one that breaks the rules begins no trace, and is no fault of the request. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, id, parent, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  const isValid = id !== undefined && !header!.startsWith('ff') && !/^0+$/.test(id) && !/^0+$/.test(parent!);
  return isValid ? { id, flags: flags! } : undefined;
}
