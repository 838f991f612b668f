import { type Cluster, nodeLabels } from '../../core/cluster';
import type { Check } from '../check';
import { eligibleNodes } from '../nodes';
import { podTemplates } from '../pods';
import { at, isExpression, items, strings, text } from '../read';
import { volumeNodes } from '../volumes';

/** A selector, affinity or topology that no node of the cluster's data satisfies. */
export const nodeSelectorUnknown: Check = {
  id: 'node-selector-unknown',
  severity: 'error',
  why: 'A pod that asks for a node which the cluster does not have stays Pending, without an error anywhere.',
  *run(context) {
    const { cluster } = context;
    const fix = `use labels of one node: ${describe(cluster)}; or add the label to nodes.NAME.labels in the cluster's file`;
    for (const { object, path, spec } of podTemplates(context)) {
      // What a workflow fills in when it runs cannot be judged.
      if (Object.values(strings(spec.nodeSelector)).some(isExpression)) continue;
      if (eligibleNodes(cluster, spec).length === 0) {
        const affinity = at(spec.affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
        const [field, got] =
          spec.nodeSelector !== undefined
            ? ['nodeSelector', spec.nodeSelector]
            : affinity !== undefined
              ? ['affinity.nodeAffinity', affinity]
              : ['nodeName', spec.nodeName];
        yield { object, field: `${path}.${field}`, what: 'no node of the cluster fits', got, fix };
      }
      for (const { value, path: field } of items(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`)) {
        const key = text(value.topologyKey) ?? '';
        // Zones and regions are what a cloud sets; cluster data does not state them.
        if (
          key.startsWith('topology.kubernetes.io/') ||
          Object.keys(cluster.nodes).some((node) => Object.hasOwn(nodeLabels(cluster, node), key))
        )
          continue;
        yield { object, field: `${field}.topologyKey`, what: 'no node carries this label', got: key, fix };
      }
    }
    for (const object of context.ofKind('PersistentVolume')) {
      const required = at(object.manifest, 'spec', 'nodeAffinity', 'required');
      if (required === undefined || volumeNodes(context, object).length > 0) continue;
      yield { object, field: 'spec.nodeAffinity.required', what: 'no node of the cluster fits', got: required, fix };
    }
  },
};

function describe(cluster: Cluster): string {
  return Object.keys(cluster.nodes)
    .map((node) =>
      Object.entries(nodeLabels(cluster, node))
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
    )
    .join(', ');
}
