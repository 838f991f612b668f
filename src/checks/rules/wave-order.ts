import type { RenderedObject } from '../../render/model';
import type { Check } from '../check';
import { providerOf } from '../known';
import { perContext } from '../per-context';
import { references } from '../references';
import { describePosition, isLater } from '../waves';

/** Wave in which an operator brings the definition of a kind, by `group/Kind`. */
const definitionWaves = perContext(({ rendered }) => {
  const found = new Map<string, { readonly wave: number; readonly component: string }>();
  for (const { provides, wave, name } of rendered.components) {
    for (const kind of provides.definitions ?? []) found.set(kind, { wave, component: name });
  }
  return found;
});

/** Argo CD waits for a wave to be healthy: one that waits for a later wave never is. */
export const waveOrder: Check = {
  id: 'wave-order',
  severity: 'error',
  why: 'A wave begins when the one before is healthy; an object that waits for a later wave never becomes healthy, and the sync stops there.',
  *run(context) {
    for (const object of context.objects) {
      if (isBootstrapped(object)) continue;
      const { apiVersion, kind, metadata } = object.manifest;
      const namespace = metadata.namespace && context.find('Namespace', metadata.namespace);
      if (namespace && isLater(namespace, object)) yield later(object, 'metadata.namespace', namespace);
      const definition = definitionWaves(context).get(`${apiVersion.split('/')[0]}/${kind}`);
      if (definition && definition.wave > object.wave) {
        yield {
          object,
          field: 'kind',
          what: `is in ${describePosition(object)}, but component ${definition.component} defines its kind in wave ${definition.wave}`,
          got: kind,
          fix: 'move its component to a later wave, or the operator to an earlier one',
        };
      }
    }
    for (const { object, field, kind, name, namespace, needed, optional } of references(context)) {
      const target = needed && !optional ? providerOf(context, kind, name, namespace) : undefined;
      if (target && isLater(target, object)) yield later(object, field, target);
    }
  },
};

/** What Argo CD itself is told by: with its definitions and namespace it is there before the first sync. */
function isBootstrapped({ manifest }: RenderedObject): boolean {
  return manifest.apiVersion.startsWith('argoproj.io/') && ['Application', 'AppProject'].includes(manifest.kind);
}

function later(object: RenderedObject, field: string, target: RenderedObject) {
  const { kind, metadata } = target.manifest;
  return {
    object,
    field,
    what: `is in ${describePosition(object)}, but ${kind} ${metadata.name} comes in ${describePosition(target)}`,
    got: metadata.name,
    fix: `move component ${object.component} to the wave of ${target.component} or a later one`,
  };
}
