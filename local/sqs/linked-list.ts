/** A place in a `LinkedList`, by which its value can be removed without a search. */
export interface ListNode<T> {
  readonly value: T;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
}

/** A doubly linked list: append, read the first and remove any value, each in constant time. */
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
