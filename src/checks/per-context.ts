import type { CheckContext } from './check';

/** Computes an index once for each run of the checks, when the first rule asks for it. */
export function perContext<T>(build: (context: CheckContext) => T): (context: CheckContext) => T {
  const built = new WeakMap<CheckContext, { readonly value: T }>();
  return (context) => {
    const known = built.get(context) ?? { value: build(context) };
    built.set(context, known);
    return known.value;
  };
}

/** Adds to the list under a key. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
