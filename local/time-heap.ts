interface Slot<Item> {
  readonly item: Item;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Items by moment, the earliest first: a binary heap that knows each item's position, so that moving or removing an
 * item costs O(log n).
 */
export class TimeHeap<Item> {
  private readonly slots: Slot<Item>[] = [];
  private readonly positions = new Map<Item, number>();

  get size(): number {
    return this.slots.length;
  }

  get first(): Slot<Item> | undefined {
    return this.slots[0];
  }

  /** Puts the item at this moment, or moves it there. */
  set(item: Item, at: number): void {
    const position = this.positions.get(item) ?? this.slots.length;
    this.place({ item, at }, position);
    this.settle(position);
  }

  delete(item: Item): void {
    const position = this.positions.get(item);
    if (position === undefined) return;
    this.positions.delete(item);
    const last = this.slots.pop()!;
    if (last.item === item) return;
    this.place(last, position);
    this.settle(position);
  }

  private settle(position: number): void {
    this.sink(this.rise(position));
  }

  private rise(start: number): number {
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (this.slots[parent]!.at <= this.slots[position]!.at) break;
      this.swap(position, parent);
      position = parent;
    }
    return position;
  }

  private sink(start: number): void {
    let position = start;
    for (;;) {
      const child = this.earlierChild(position);
      if (child === undefined || this.slots[position]!.at <= this.slots[child]!.at) return;
      this.swap(position, child);
      position = child;
    }
  }

  private earlierChild(position: number): number | undefined {
    const left = 2 * position + 1;
    if (left >= this.slots.length) return undefined;
    const right = left + 1;
    return right < this.slots.length && this.slots[right]!.at < this.slots[left]!.at ? right : left;
  }

  private swap(one: number, other: number): void {
    const slot = this.slots[one]!;
    this.place(this.slots[other]!, one);
    this.place(slot, other);
  }

  private place(slot: Slot<Item>, position: number): void {
    this.slots[position] = slot;
    this.positions.set(slot.item, position);
  }
}
