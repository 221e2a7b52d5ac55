/** What differs from day to day becomes what the document always shows; all else stays as it was sent or answered. */
export type AsExample = (value: unknown, name?: string) => unknown;

/** By the name of the field; any other time is nine o'clock, or an hour later. */
const TIMES: Readonly<Record<string, string>> = {
  started_at: '2026-03-01T09:00:00.003Z',
  finished_at: '2026-03-01T09:00:00.044Z',
  expires_at: '2026-03-01T21:00:00.000Z',
  to: '2026-03-01T10:00:00.000Z',
  next_run_at: '2026-03-02T02:00:00.000Z',
  nextRunAt: '2026-03-01T09:05:00.000Z',
  resets_at: '2026-03-02T00:00:00.000Z',
};
const NOW = '2026-03-01T09:00:00.000Z';
const LATER = '2026-03-01T10:00:00.044Z';
const LATER_MS = 30 * 60 * 1000;
const NUMBERS: Readonly<Record<string, number>> = {
  latency_ms: 41,
  lateness_ms: 3,
  duration_ms: 41,
  durationMs: 41,
  p50: 41,
  p90: 98,
  p99: 256,
  success: 1204,
  failed: 3,
  timed_out: 1,
  blocked: 0,
  dead_letters: 1,
  skipped: 0,
  cancelled: 0,
  failures: 4,
  used: 2,
};
const HEX = '5d41402abc4b2a76b9719d911017c592ae1f6f1a2f6c5d6e7f8091a2b3c4d5e6';
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** By the name of a field or of a header. */
const TEXTS: Readonly<Record<string, string>> = {
  operator_key: 'op_5d41402abc4b2a76b9719d911017c592',
  api_key: `sk_${HEX}`,
  token: 'ses_0199c0de00007000a1b2c3d4e5f60718.K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDNMfKQ9r',
  location: 'https://login.example.com/authorize?response_type=code&client_id=punctual&state=K5oZfzN95Z9UVu1EsfQm',
  key: `sk_${HEX}`,
  last_four: HEX.slice(-4),
  request_id: '4fd0b3a1c2e59687a1b2c3d4e5f60718',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  version: '1.0.0',
  source_ip: '203.0.113.7',
  user_agent: 'curl/8.5.0',
  date: 'Sun, 01 Mar 2026 09:00:00 GMT',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-a1b2c3d4e5f60718-01',
  tracestate: 'punctual=0199c0de00067000a1b2c3d4e5f60718',
  'punctual-request-id': '4fd0b3a1c2e59687a1b2c3d4e5f60718',
  'webhook-timestamp': '1772355600',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  'x-cronflow-signature': HEX,
  'x-cron-signature': `sha256=${HEX}`,
  'x-dispatch-signature': `t=1772355600,v1=${HEX}`,
};
const TIMINGS = { dns: 4, connect: 8, tls: 12, first_byte: 15 };
const UPCOMING = ['02', '03', '04', '05', '06'].map((day) => `2026-03-${day}T02:00:00.000Z`);

const ID = /\b([a-z]{2,5})_([0-9a-f]{32})\b/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z/g;
/** So far from now a time was made by this run. */
const TODAY_MS = 26 * 60 * 60 * 1000;

function shown(time: string, name: string): string {
  const ahead = Date.parse(time) - Date.now();
  if (Math.abs(ahead) > TODAY_MS) return time;
  return TIMES[name] ?? (ahead > LATER_MS ? LATER : NOW);
}

/** `receiver` is where the local stack delivers to; ids get their numbers as they come. */
export function asExamples(receiver: string): AsExample {
  const numbers = new Map<string, number>();
  const address = new RegExp(`${receiver}[a-z0-9/]*`, 'g');

  /** The same object has the same id in every example. */
  function stable(hex: string): string {
    const number = numbers.get(hex) ?? numbers.size;
    numbers.set(hex, number);
    return `0199c0de${number.toString(16).padStart(4, '0')}7000a1b2c3d4e5f60718`;
  }

  function dashed(uuid: string): string {
    const hex = stable(uuid.replaceAll('-', ''));
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  function text(value: string, name: string): string {
    const fixed = TEXTS[name.toLowerCase()];
    if (fixed !== undefined && value !== '') return name === 'key' && !value.startsWith('sk_') ? value : fixed;
    return value
      .replaceAll(address, 'https://billing.example.com/hooks')
      .replaceAll(new URL(receiver).host, 'billing.example.com')
      .replace(/Punctual\/[\d.]+/, 'Punctual/1.0.0')
      .replace(/whsec_[A-Za-z0-9+/=]+/g, WHSEC)
      .replace(/^[0-9a-f]{64}$/, HEX)
      .replace(/^[0-9a-f]{32}$/, TEXTS['request_id']!) // the id of a call
      .replace(ID, (_id, prefix, hex) => `${prefix}_${stable(hex)}`)
      .replace(UUID, dashed)
      .replace(TIME, (time, fraction) =>
        fraction === undefined ? shown(time, name).replace(/\.\d{3}/, '') : shown(time, name),
      );
  }

  return function asExample(value, name = ''): unknown {
    if (typeof value === 'string') return text(value, name);
    if (typeof value === 'number') return NUMBERS[name] ?? value;
    if (name === 'upcoming') return UPCOMING;
    if (name === 'timings_ms') return TIMINGS;
    if (name === 'failing') return [{ endpoint_id: 'ep_0199c0de00037000a1b2c3d4e5f60718', failures: 4 }];
    // Of two, when the clock has struck meanwhile.
    if (name === 'hours') return [asExample((value as unknown[]).at(-1))];
    if (Array.isArray(value)) return value.map((one) => asExample(one, name));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, its]) => [key, asExample(its, key)]);
    return Object.fromEntries(entries);
  };
}
