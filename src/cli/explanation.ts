import type { CheckContext } from '../checks/check';
import { isKnown, producedSecrets } from '../checks/known';
import { type ObjectReference, references } from '../checks/references';
import type { UsedException } from '../checks/run';
import { selectedPods, servicePods } from '../checks/selectors';
import { waves } from '../core/waves';
import type { Application } from '../render/applications';
import type { Located } from '../render/find';
import { objectKey, type RenderedObject } from '../render/model';

/** Another object that this one has to do with. */
export interface Related {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Field that names or selects, in whichever of the two objects has it. */
  readonly field: string;
  /** File that holds the other object; left out when it is not rendered here. */
  readonly file?: string;
  /** Where the other object comes from when it is not rendered here. */
  readonly from?: string;
}

/** Everything that is known of one rendered object. */
export interface Explanation {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly cluster: string;
  readonly component: string;
  readonly wave: { readonly name?: string; readonly number: number };
  /** Argo CD Application that brings it, and its AppProject. */
  readonly application?: { readonly name: string; readonly project: string };
  /** Path of the construct that made it. */
  readonly construct: string;
  /** Source file and line that made the construct. */
  readonly source?: string;
  readonly file: string;
  readonly refersTo: readonly Related[];
  readonly referredToBy: readonly Related[];
  /** Checks that it may fail, with the reasons, and whether it does. */
  readonly exceptions: readonly { readonly check: string; readonly reason: string; readonly used: boolean }[];
}

/** What else must be known to explain the objects of one cluster. */
export interface Surroundings {
  readonly context: CheckContext;
  readonly objects: readonly Located[];
  readonly applications: readonly Application[];
  readonly exceptions: readonly UsedException[];
}

export function explainObject({ object, component, file }: Located, surroundings: Surroundings): Explanation {
  const { apiVersion, kind, metadata } = object.manifest;
  const { cluster } = object;
  const application = surroundings.applications.find(
    (one) => one.cluster === cluster && one.component === object.component,
  );
  const wave = Object.entries(waves).find(([, number]) => number === component.wave)?.[0];
  const source = object.source();
  return {
    apiVersion,
    kind,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    name: metadata.name,
    cluster,
    component: object.component,
    wave: { ...(wave && { name: wave }), number: component.wave },
    ...(application && { application: { name: application.name, project: application.project } }),
    construct: object.path,
    ...(source && { source }),
    file: `dist/${file}`,
    ...relations(object, surroundings),
    exceptions: [...object.allowed].map(([check, reason]) => ({
      check,
      reason,
      used: surroundings.exceptions.some((one) => one.check === check && one.path === object.path),
    })),
  };
}

function relations(
  object: RenderedObject,
  { context, objects }: Surroundings,
): Pick<Explanation, 'refersTo' | 'referredToBy'> {
  const files = new Map(objects.map((one) => [one.object, `dist/${one.file}`]));
  const named = references(context);
  const selections = selectionsOf(context);
  const related = (other: RenderedObject, field: string): Related => {
    const { kind, metadata } = other.manifest;
    const file = files.get(other);
    return {
      kind,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      name: metadata.name,
      field,
      ...(file && { file }),
    };
  };
  const key = objectKey(object.manifest);
  return {
    refersTo: [
      ...named.filter((one) => one.object === object).map((one) => referred(context, one, files)),
      ...selections.filter(({ by }) => by === object).map(({ pods, field }) => related(pods, field)),
    ],
    referredToBy: [
      ...named
        .filter(({ kind, name, namespace }) => {
          const target = context.find(kind, name, namespace);
          return target !== undefined && objectKey(target.manifest) === key;
        })
        .map((one) => related(one.object, one.field)),
      ...selections.filter(({ pods }) => pods === object).map(({ by, field }) => related(by, field)),
    ],
  };
}

function referred(context: CheckContext, one: ObjectReference, files: ReadonlyMap<RenderedObject, string>): Related {
  const { kind, name, namespace, field } = one;
  const base = { kind, ...(namespace && { namespace }), name, field };
  const target = context.find(kind, name, namespace);
  const file = target && files.get(target);
  if (file) return { ...base, file };
  const maker = kind === 'Secret' ? producedSecrets(context).get(`${namespace}/${name}`) : undefined;
  if (maker) return { ...base, from: `made from ${maker.manifest.kind} ${maker.manifest.metadata.name}` };
  const external = context.externals.find(
    (other) => other.kind === kind && other.name === name && (namespace === undefined || other.namespace === namespace),
  );
  if (external) return { ...base, from: `exists in the cluster: ${external.purpose}` };
  return {
    ...base,
    from: isKnown(context, kind, name, namespace) ? 'comes with the cluster or an operator' : 'unknown',
  };
}

interface Selection {
  readonly by: RenderedObject;
  /** Object that holds the template of the pods. */
  readonly pods: RenderedObject;
  readonly field: string;
}

/** Pods that Services, policies and budgets select by label. */
function selectionsOf(context: CheckContext): Selection[] {
  const select = (kind: string, field: 'selector' | 'podSelector') =>
    context.ofKind(kind).flatMap((by) => {
      const selector = (by.manifest.spec as Readonly<Record<string, unknown>> | undefined)?.[field];
      if (selector === undefined) return [];
      const namespace = by.manifest.metadata.namespace ?? '';
      const pods =
        kind === 'Service' ? servicePods(context, namespace, selector) : selectedPods(context, namespace, selector);
      return pods.map(({ object }) => ({ by, pods: object, field: `spec.${field}` }));
    });
  return [
    ...select('Service', 'selector'),
    ...select('PodDisruptionBudget', 'selector'),
    ...select('NetworkPolicy', 'podSelector'),
  ];
}
