import type { Check } from '../check';
import { fields, scalar } from '../read';

const PREFIX = 'argocd.argoproj.io/';
const HOOKS = new Set(['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PostDelete', 'PreDelete', 'Skip']);
const DELETE_POLICIES = new Set(['HookSucceeded', 'HookFailed', 'BeforeHookCreation']);
const OPTIONS = new Set([
  'ApplyOutOfSyncOnly',
  'ClientSideApplyMigration',
  'CreateNamespace',
  'Delete',
  'Force',
  'Prune',
  'PruneLast',
  'Replace',
  'ServerSideApply',
  'SkipDryRunOnMissingResource',
  'Validate',
]);
const FIX = 'correct the word, or remove the annotation';

/** Argo CD ignores an annotation that it cannot read: the order or the protection it asks for is not there. */
export const syncWave: Check = {
  id: 'sync-wave',
  severity: 'error',
  why: 'Argo CD silently ignores a wave, hook or option that it cannot read.',
  *run({ objects }) {
    for (const object of objects) {
      const { annotations } = object.manifest.metadata;
      if (annotations === undefined) continue;
      for (const [key, value] of Object.entries(fields(annotations))) {
        if (!key.startsWith(PREFIX)) continue;
        const field = `metadata.annotations["${key}"]`;
        const wrong = problem(key.slice(PREFIX.length), value);
        if (wrong) yield { object, field, got: value, ...wrong };
      }
    }
  },
};

function problem(name: string, value: unknown): { readonly what: string; readonly fix: string } | undefined {
  const words = scalar(value)
    .split(',')
    .map((word) => word.trim());
  switch (name) {
    case 'sync-wave':
      return typeof value === 'string' && /^-?\d{1,9}$/.test(value)
        ? undefined
        : { what: 'is not a whole number in quotes', fix: 'write a wave such as "-1" or "2"' };
    case 'hook':
      return words.every((word) => HOOKS.has(word))
        ? undefined
        : { what: `is not one of ${[...HOOKS].join(', ')}`, fix: FIX };
    case 'hook-delete-policy':
      return words.every((word) => DELETE_POLICIES.has(word))
        ? undefined
        : { what: `is not one of ${[...DELETE_POLICIES].join(', ')}`, fix: FIX };
    case 'sync-options':
      return words.every((word) => OPTIONS.has(word.split('=')[0] ?? '') && /=(true|false|confirm)$/.test(word))
        ? undefined
        : {
            what: 'holds an option that Argo CD does not know',
            fix: `use ${[...OPTIONS].join(', ')}, each with =true or =false`,
          };
    default:
      return undefined;
  }
}
