/** A typical payload of about `bytes` of JSON, with recurring names and varying values. */
export function payloadOf(bytes: number, seed: number): object {
  const lines: object[] = [];
  const order = {
    order_id: `ord_${text(seed, 12)}`,
    customer: `cus_${text(seed + 1, 12)}`,
    currency: 'EUR',
    status: 'paid',
    lines,
  };
  for (let n = 1; JSON.stringify(order).length < bytes; n++) {
    const [sku, quantity, cents] = [text(seed + n, 8), 1 + (n % 5), 100 + (number(seed + n) % 90_000)];
    lines.push({ sku, quantity, unit_price: cents / 100, total: (cents * quantity) / 100, shipped: n % 3 === 0 });
  }
  return order;
}

/** A number that the seed alone decides, so that two runs can be compared. */
function number(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function text(seed: number, length: number): string {
  const digits = [1, 2, 3].map((part) => number(seed * 3 + part).toString(36)).join('');
  return digits.slice(0, length);
}
