import { type ArgumentPlace, renderField } from './arguments';
import { type Expr, nodeOf } from './expr';
import { duplicates } from './names';
import type { Wire } from './template';

/**
 * What a workflow or step must hold while it runs. At a step it is held over all attempts and their pauses, and the
 * waiting counts into its deadline: prefer the workflow.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/synchronization/
 */
export interface Synchronization<Scope extends string> {
  /** Locks that one holder has at a time. */
  readonly mutexes?: readonly Mutex<Scope>[];
  /** Locks that several holders have at a time. */
  readonly semaphores?: readonly Semaphore[];
}

/** A lock by name. */
export interface Mutex<Scope extends string> {
  readonly name: string | Expr<string, Scope>;
  /** @default - the namespace of the workflow */
  readonly namespace?: string;
  /** Whether it is kept in the database of the controller, and so held across clusters. @default false */
  readonly database?: boolean;
}

/** A lock whose number of holders is a key of a ConfigMap. */
export interface Semaphore {
  readonly configMap: { readonly name: string };
  readonly key: string;
  /** @default - the namespace of the workflow */
  readonly namespace?: string;
}

/** The `synchronization` of a workflow or template; only the plural forms, which every version since 3.6 reads. */
export function renderSynchronization(given: Synchronization<string> | undefined, place: ArgumentPlace): Wire {
  if (given === undefined) return {};
  const mutexes = (given.mutexes ?? []).map(({ name, ...rest }) => ({
    name: renderField(nodeOf(name), 'string', name, place),
    ...rest,
  }));
  if (mutexes.some((mutex) => mutex.name === '')) {
    place.report({ where: place.where, what: 'a mutex without a name', fix: 'name it' });
  }
  for (const name of duplicates(mutexes.map((mutex) => `${mutex.namespace ?? ''}/${mutex.name}`))) {
    place.report({ where: place.where, what: 'one mutex is listed twice', value: name.slice(1), fix: 'remove one' });
  }
  const semaphores = (given.semaphores ?? []).map(({ configMap, key, namespace }) => ({
    configMapKeyRef: { name: configMap.name, key },
    ...(namespace === undefined ? {} : { namespace }),
  }));
  if (mutexes.length + semaphores.length === 0) return {};
  return {
    synchronization: {
      ...(mutexes.length === 0 ? {} : { mutexes }),
      ...(semaphores.length === 0 ? {} : { semaphores }),
    },
  };
}
