import { apiGroup, type RenderedObject } from '../render/model';
import { workflowPods } from './argo-pods';
import type { CheckContext } from './check';
import { perContext } from './per-context';

export type { ContainerRole, PodContainer, PodTemplate } from './containers';

import { containersAt, type PodTemplate } from './containers';
import { at, fields, isExpression, items, scalar, strings, text } from './read';

/** Where the kinds of Kubernetes keep their pod template, by `group/Kind`. */
const TEMPLATES: Readonly<Record<string, { readonly path: readonly string[]; readonly labels: readonly string[] }>> = {
  '/Pod': { path: [], labels: [] },
  '/ReplicationController': { path: ['spec', 'template'], labels: [] },
  'apps/Deployment': { path: ['spec', 'template'], labels: ['pod-template-hash'] },
  'apps/ReplicaSet': { path: ['spec', 'template'], labels: ['pod-template-hash'] },
  'apps/StatefulSet': {
    path: ['spec', 'template'],
    labels: ['apps.kubernetes.io/pod-index', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name'],
  },
  'apps/DaemonSet': { path: ['spec', 'template'], labels: ['controller-revision-hash'] },
  'batch/Job': { path: ['spec', 'template'], labels: jobLabels() },
  'batch/CronJob': { path: ['spec', 'jobTemplate', 'spec', 'template'], labels: jobLabels() },
  'argoproj.io/Rollout': { path: ['spec', 'template'], labels: ['rollouts-pod-template-hash', 'role'] },
};

/** Every pod template that is rendered, in the order of its objects. */
export const podTemplates = perContext(({ objects }: CheckContext): readonly PodTemplate[] => objects.flatMap(podsOf));

/** The pod templates of one object; of a workflow all its templates that run pods. */
export function podsOf(object: RenderedObject): PodTemplate[] {
  const { apiVersion, kind } = object.manifest;
  const key = `${apiGroup(apiVersion)}/${kind}`;
  const template = Object.hasOwn(TEMPLATES, key) ? TEMPLATES[key] : undefined;
  if (!template) return apiGroup(apiVersion) === 'argoproj.io' ? workflowPods(object) : [];
  const pod = at(object.manifest, ...template.path);
  // A Rollout may point at a Deployment in place of a template of its own.
  if (kind === 'Rollout' && pod === undefined) return [];
  const path = [...template.path, 'spec'].join('.');
  const spec = fields(at(pod, 'spec'));
  const ends =
    kind === 'Job' ||
    kind === 'CronJob' ||
    (kind === 'Pod' && ['Never', 'OnFailure'].includes(scalar(spec.restartPolicy)));
  return [
    {
      object,
      namespace: object.manifest.metadata.namespace ?? '',
      path,
      spec,
      own: spec,
      labels: strings(at(pod, 'metadata', 'labels')),
      dynamicLabels: new Set(template.labels),
      containers: [
        ...containersAt(spec.initContainers, `${path}.initContainers`, 'init'),
        ...containersAt(spec.containers, `${path}.containers`, 'main'),
      ],
      lifetime: ends ? 'task' : 'service',
    },
  ];
}

/** Name of the PersistentVolumeClaims that the pods mount, with whether they can only read. */
export function mountedClaims(
  pod: PodTemplate,
): { readonly name: string; readonly path: string; readonly readOnly: boolean }[] {
  return items(pod.spec.volumes, `${pod.path}.volumes`).flatMap(({ value, path }) => {
    const name = text(at(value, 'persistentVolumeClaim', 'claimName'));
    if (!name || isExpression(name)) return [];
    const mounts = pod.containers.flatMap((container) =>
      items(container.fields.volumeMounts, '').filter((mount) => mount.value.name === value.name),
    );
    const readOnly =
      at(value, 'persistentVolumeClaim', 'readOnly') === true || mounts.every((mount) => mount.value.readOnly === true);
    return [{ name, path: `${path}.persistentVolumeClaim.claimName`, readOnly }];
  });
}

/** Whether the object makes pods. */
export function isWorkload({ manifest }: RenderedObject): boolean {
  return Object.hasOwn(TEMPLATES, `${apiGroup(manifest.apiVersion)}/${manifest.kind}`);
}

function jobLabels(): string[] {
  return ['batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid', 'job-name', 'controller-uid'];
}
