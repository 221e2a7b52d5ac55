/** Unix milliseconds as an item's `ttl`. */
export function seconds(at: number): number {
  return Math.ceil(at / 1000);
}

/** Expired items are filtered on read, since DynamoDB deletes them up to days late. */
export function isLive(item: { readonly ttl: number }, now: number): boolean {
  return item.ttl * 1000 > now;
}
