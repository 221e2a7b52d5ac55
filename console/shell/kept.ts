/** The text that this browser keeps under a key. A browser may keep storage from an embedded page. */
export function kept(key: string): string | undefined {
  return stored(() => localStorage.getItem(key)) ?? undefined;
}

export function keep(key: string, text: string): void {
  stored(() => localStorage.setItem(key, text));
}

function stored<Value>(access: () => Value): Value | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
