/** A payload of about `bytes` of JSON such as applications send: names that recur, and values that do not. */
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

/** The same for the same seed, so that one run can be held beside another. */
function number(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function text(seed: number, length: number): string {
  const digits = [1, 2, 3].map((part) => number(seed * 3 + part).toString(36)).join('');
  return digits.slice(0, length);
}
