import { keepOnDeletion } from '../../core/protected';
import type { Check } from '../check';
import { text } from '../read';

const PROTECTED = ['PersistentVolume', 'PersistentVolumeClaim', 'Namespace', 'CustomResourceDefinition'];
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** What holds data, or what data goes with, survives its Application. */
export const protectedData: Check = {
  id: 'protected-data',
  severity: 'error',
  why: 'Deleting a volume, claim, Namespace or CustomResourceDefinition deletes data with it, and a prune is one wrong commit away.',
  *run(context) {
    for (const kind of PROTECTED) {
      for (const object of context.ofKind(kind)) {
        const stated = text(object.manifest.metadata.annotations?.[SYNC_OPTIONS]) ?? '';
        const options = new Set(stated.split(',').map((option) => option.trim()));
        // `confirm` waits for a person.
        const lacking = ['Prune', 'Delete'].filter(
          (verb) => !options.has(`${verb}=false`) && !options.has(`${verb}=confirm`),
        );
        if (lacking.length === 0) continue;
        yield {
          object,
          field: `metadata.annotations["${SYNC_OPTIONS}"]`,
          what: `lacks ${lacking.map((verb) => `${verb}=false`).join(' and ')}`,
          got: stated || 'nothing',
          fix: `set it to ${keepOnDeletion[SYNC_OPTIONS]}`,
        };
      }
    }
  },
};
