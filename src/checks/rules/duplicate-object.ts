import { objectKey, type RenderedObject } from '../../render/model';
import type { Check } from '../check';

/** Two objects of one identity: Argo CD applies one, and which one is chance. */
export const duplicateObject: Check = {
  id: 'duplicate-object',
  severity: 'error',
  why: 'Of two objects with one identity the cluster holds the one that was applied last; two Applications would fight over it.',
  *run({ objects }) {
    const first = new Map<string, RenderedObject>();
    for (const object of objects) {
      const key = objectKey(object.manifest);
      const other = first.get(key);
      if (!other) {
        first.set(key, object);
        continue;
      }
      const { name, namespace } = object.manifest.metadata;
      yield {
        object,
        field: 'metadata.name',
        what: `is made by ${other.path} too`,
        got: namespace ? `${namespace}/${name}` : name,
        fix: 'give one of the two another name, or remove it',
      };
    }
  },
};
