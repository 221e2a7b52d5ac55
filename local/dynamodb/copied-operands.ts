import db, { type Path, type Updates } from 'dynalite/db/index.js';

/** Paths that an update expression reads, in contrast to paths that it writes. */
const operandPaths = new WeakSet<Path>();

/**
 * Makes `SET a = b` copy b. dynalite lets both attributes share one object: a further change of b in the same
 * expression would change a, too, and `SET list[9] = list` would make a cycle, overflow the stack and end the process.
 * Call this function with each parsed update expression before the expression is applied.
 */
export function copyOperands(updates: Updates | undefined): void {
  for (const section of updates?.sections ?? []) markPaths(section.val);
}

function markPaths(operand: unknown): void {
  if (Array.isArray(operand)) operandPaths.add(operand);
  else if (operand && typeof operand === 'object' && 'args' in operand) (operand.args as unknown[]).forEach(markPaths);
}

const { mapPath } = db;

db.mapPath = (path, item) => {
  const found = mapPath(path, item);
  return operandPaths.has(path) ? structuredClone(found) : found;
};
