import type { Check, CheckContext, Finding } from '../check';
import { isKnown, keysOf } from '../known';
import { at, items, scalar } from '../read';
import { type ObjectReference, references } from '../references';

/** A name that leads nowhere, or to an object without the key or port that is asked for. */
export const unresolvedReference: Check = {
  id: 'unresolved-reference',
  severity: 'error',
  why: 'A pod whose Secret, volume or account does not exist never starts, and a route to a Service that does not exist answers 500.',
  *run(context) {
    for (const reference of references(context)) {
      const { object, field, kind, name, namespace, optional } = reference;
      if (optional) continue;
      if (isKnown(context, kind, name, namespace)) {
        yield* missingParts(context, reference);
        continue;
      }
      yield {
        object,
        field,
        what: `there is no ${kind} of this name${namespace ? ` in namespace ${namespace}` : ''}`,
        got: name,
        fix: `pass the construct that makes the ${kind}, or declare it with fromExisting when somebody else creates it`,
      };
    }
  },
};

function* missingParts(context: CheckContext, reference: ObjectReference): Generator<Finding> {
  const { object, field, kind, name, namespace, keys = [], port } = reference;
  const present = keys.length > 0 ? keysOf(context, kind, name, namespace) : undefined;
  for (const key of present ? keys.filter((one) => !present.includes(one)) : []) {
    yield {
      object,
      field,
      what: `${kind} ${name} has no such key`,
      got: key,
      fix: `use one of its keys (${present?.toSorted().join(', ') || 'it has none'}), or add this one`,
    };
  }
  const target = context.find(kind, name, namespace);
  if (kind === 'Service' && target && port !== undefined) {
    const ports = items(at(target.manifest, 'spec', 'ports'), '').map(({ value }) => value);
    if (ports.some((one) => one.port === port || one.name === port)) return;
    yield {
      object,
      field,
      what: `Service ${name} has no such port`,
      got: port,
      fix: `use one of its ports: ${ports.map((one) => [one.name, one.port].map(scalar).filter(Boolean).join(' ')).join(', ') || 'it has none'}`,
    };
  }
}
