import type { Check } from '../check';
import { at, items, text } from '../read';

const FIRST = 30000;
const LAST = 32767;

/** A NodePort is one for the whole cluster. */
export const nodePortCollision: Check = {
  id: 'node-port-collision',
  severity: 'error',
  why: 'The API server refuses the second Service that asks for a NodePort, and with it the sync of its component.',
  *run(context) {
    const owners = new Map<string, string>();
    for (const object of context.ofKind('Service')) {
      const { name, namespace } = object.manifest.metadata;
      for (const { value, path } of items(at(object.manifest, 'spec', 'ports'), 'spec.ports')) {
        const { nodePort } = value;
        if (nodePort === undefined) continue;
        const field = `${path}.nodePort`;
        if (typeof nodePort !== 'number' || !Number.isInteger(nodePort) || nodePort < FIRST || nodePort > LAST) {
          yield {
            object,
            field,
            what: 'is outside the range of NodePorts',
            got: nodePort,
            fix: `choose a whole number from ${FIRST} to ${LAST}`,
          };
          continue;
        }
        const key = `${nodePort}/${text(value.protocol) ?? 'TCP'}`;
        const owner = owners.get(key);
        if (owner)
          yield { object, field, what: `is taken by Service ${owner}`, got: nodePort, fix: 'choose another port' };
        else owners.set(key, `${namespace}/${name}`);
      }
    }
  },
};
