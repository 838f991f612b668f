import type { CheckContext } from './check';
import { append, perContext } from './per-context';
import { type PodTemplate, podTemplates } from './pods';
import { fields, items, list, strings, text } from './read';

/** Pods as a selector sees them. */
type Selectable = Pick<PodTemplate, 'labels' | 'dynamicLabels'>;

/** Whether a label selector (`matchLabels`, `matchExpressions`) may select the pods; an empty one selects all. */
export function selects(selector: unknown, pod: Selectable): boolean {
  const { matchLabels, matchExpressions } = fields(selector);
  return (
    hasLabels(pod, strings(matchLabels)) &&
    items(matchExpressions, '').every(({ value: { key, operator, values } }) => {
      const name = text(key) ?? '';
      if (pod.dynamicLabels.has(name)) return true;
      const label = Object.hasOwn(pod.labels, name) ? pod.labels[name] : undefined;
      switch (operator) {
        case 'In':
          return label !== undefined && list(values).includes(label);
        case 'NotIn':
          return label === undefined || !list(values).includes(label);
        case 'Exists':
          return label !== undefined;
        case 'DoesNotExist':
          return label === undefined;
        default:
          return false;
      }
    })
  );
}

/** Whether the pods may carry all these labels. */
export function hasLabels({ labels, dynamicLabels }: Selectable, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => dynamicLabels.has(key) || (Object.hasOwn(labels, key) && labels[key] === value),
  );
}

interface NamespacePods {
  readonly all: PodTemplate[];
  readonly byLabel: Map<string, PodTemplate[]>;
  readonly byDynamicLabel: Map<string, PodTemplate[]>;
}

const podIndex = perContext((context) => {
  const namespaces = new Map<string, NamespacePods>();
  for (const pod of podTemplates(context)) {
    const found: NamespacePods = namespaces.get(pod.namespace) ?? {
      all: [],
      byLabel: new Map(),
      byDynamicLabel: new Map(),
    };
    namespaces.set(pod.namespace, found);
    found.all.push(pod);
    for (const key of pod.dynamicLabels) append(found.byDynamicLabel, key, pod);
    for (const [key, value] of Object.entries(pod.labels)) {
      if (!pod.dynamicLabels.has(key)) append(found.byLabel, `${key}=${value}`, pod);
    }
  }
  return namespaces;
});

/** Pods of a namespace that a label selector selects, found by its first label. */
export function selectedPods(context: CheckContext, namespace: string, selector: unknown): PodTemplate[] {
  const found = podIndex(context).get(namespace);
  if (!found) return [];
  const [first] = Object.entries(strings(fields(selector).matchLabels));
  const candidates = first
    ? [...(found.byLabel.get(`${first[0]}=${first[1]}`) ?? []), ...(found.byDynamicLabel.get(first[0]) ?? [])]
    : found.all;
  return candidates.filter((pod) => selects(selector, pod));
}

/** Pods that a Service sends its requests to. */
export function servicePods(context: CheckContext, namespace: string, selector: unknown): PodTemplate[] {
  return selectedPods(context, namespace, { matchLabels: selector });
}
