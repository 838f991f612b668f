/** Every path in a value, from itself to its leaves. */
export function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

/** The same value with another at this path; `undefined` leaves it out. */
export function withValue<T>(value: T, path: readonly string[], replacement: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return replacement as T;
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => {
      if (String(index) !== key) return [one];
      const changed = withValue(one, rest, replacement);
      return changed === undefined ? [] : [changed];
    }) as T;
  }
  const entries = Object.entries(value as object)
    .map(([name, one]) => [name, name === key ? withValue(one, rest, replacement) : one] as const)
    .filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as T;
}
