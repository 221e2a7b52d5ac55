import { LinkedList, type ListNode } from './linked-list.js';
import type { Message } from './message.js';

interface GroupLine {
  readonly group: string;
  readonly messages: LinkedList<Message>;
  turn: ListNode<GroupLine>;
}

/**
 * The visible messages of a queue: one line per MessageGroupId, and the groups take turns. So a group with a thousand
 * messages delays another group's message by one message, as fair queues promise. Messages without a group share one
 * line.
 */
export class ReadyLines {
  private readonly lines = new Map<string, GroupLine>();
  private readonly turns = new LinkedList<GroupLine>();
  private readonly places = new Map<Message, ListNode<Message>>();

  get size(): number {
    return this.places.size;
  }

  has(message: Message): boolean {
    return this.places.has(message);
  }

  /** The message whose turn it is; removing it passes the turn to the next group. */
  get first(): Message | undefined {
    return this.turns.first?.value.messages.first?.value;
  }

  add(message: Message): void {
    const line = this.lines.get(message.group ?? '') ?? this.openLine(message.group ?? '');
    this.places.set(message, line.messages.append(message));
  }

  /** Removes a message; does nothing for a message that is not visible. */
  remove(message: Message): void {
    const place = this.places.get(message);
    if (!place) return;
    this.places.delete(message);
    const line = this.lines.get(message.group ?? '')!;
    line.messages.remove(place);
    this.turns.remove(line.turn);
    if (line.messages.first) line.turn = this.turns.append(line);
    else this.lines.delete(line.group);
  }

  private openLine(group: string): GroupLine {
    const line = { group, messages: new LinkedList<Message>() } as GroupLine;
    line.turn = this.turns.append(line);
    this.lines.set(group, line);
    return line;
  }
}
