/** A place in a `LinkedList`; keep it to remove its value without a search. */
export interface ListNode<T> {
  readonly value: T;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
}

/** A doubly linked list: append, look at the first and remove anywhere, each at constant cost. */
export class LinkedList<T> {
  first: ListNode<T> | undefined;
  private last: ListNode<T> | undefined;

  append(value: T): ListNode<T> {
    const node: ListNode<T> = { value, previous: this.last, next: undefined };
    if (this.last) this.last.next = node;
    else this.first = node;
    this.last = node;
    return node;
  }

  /** `node` must be in this list. */
  remove(node: ListNode<T>): void {
    if (node.previous) node.previous.next = node.next;
    else this.first = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.last = node.previous;
  }
}
