import fc from 'fast-check';
import { TimeHeap } from '../../local/time-heap.js';

const steps = fc.array(
  fc.record({ item: fc.integer({ min: 0, max: 30 }), at: fc.option(fc.integer({ min: 0, max: 100 })) }),
);

it('always has the earliest item on top, whatever was put, moved and removed', () => {
  fc.assert(
    fc.property(steps, (changes) => {
      const heap = new TimeHeap<number>();
      const expected = new Map<number, number>();
      for (const { item, at } of changes) {
        if (at === null) heap.delete(item);
        else heap.set(item, at);
        if (at === null) expected.delete(item);
        else expected.set(item, at);
        expect(heap.size).toBe(expected.size);
        expect(heap.first?.at).toBe(expected.size > 0 ? Math.min(...expected.values()) : undefined);
      }
      const drained: number[] = [];
      for (let top = heap.first; top; top = heap.first) {
        drained.push(top.at);
        heap.delete(top.item);
      }
      expect(drained).toEqual([...expected.values()].sort((a, b) => a - b));
    }),
  );
});
