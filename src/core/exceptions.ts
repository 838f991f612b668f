import type { Construct } from 'constructs';

const exceptions = new WeakMap<Construct, Map<string, string>>();

/**
 * Lets a construct and all below it pass a check.
 *
 * @param check id of the check, such as `container-resources`
 * @param reason why the finding is right here, for whoever reads the list of exceptions
 */
export function allow(construct: Construct, check: string, reason: string): void {
  const allowed = exceptions.get(construct) ?? new Map<string, string>();
  exceptions.set(construct, allowed.set(check, reason));
}

/** Checks that a construct may fail, with their reasons; its own and those of the scopes around it. */
export function allowedFor(construct: Construct): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const scope of construct.node.scopes)
    for (const [check, reason] of exceptions.get(scope) ?? []) found.set(check, reason);
  return found;
}
