import type { RenderedObject } from '../render/model';
import { containersAt, type PodContainer, type PodTemplate } from './containers';
import { at, type Fields, fields, isExpression, items, list, strings } from './read';

/** Where the kinds of Argo Workflows keep the specification of the workflow. */
const WORKFLOWS: Readonly<Record<string, readonly string[]>> = {
  Workflow: ['spec'],
  WorkflowTemplate: ['spec'],
  ClusterWorkflowTemplate: ['spec'],
  CronWorkflow: ['spec', 'workflowSpec'],
};

/** Labels that the workflow controller sets on every pod. */
const CONTROLLER_LABELS = ['workflows.argoproj.io/workflow', 'workflows.argoproj.io/completed'];

/** Fields of a template that stand in for those of the workflow. */
const INHERITED = [
  'nodeSelector',
  'tolerations',
  'affinity',
  'serviceAccountName',
  'securityContext',
  'automountServiceAccountToken',
];

/** Specification of a workflow and its path, for the kinds that hold one. */
export function workflowSpec({
  manifest,
}: RenderedObject): { readonly spec: Fields; readonly path: string } | undefined {
  const path = Object.hasOwn(WORKFLOWS, manifest.kind) ? WORKFLOWS[manifest.kind] : undefined;
  return path && manifest.apiVersion.startsWith('argoproj.io/')
    ? { spec: fields(at(manifest, ...path)), path: path.join('.') }
    : undefined;
}

/**
 * The pods of a workflow's templates, with what each inherits from the workflow.
 * @see https://argo-workflows.readthedocs.io/en/stable/fields/#template
 */
export function workflowPods(object: RenderedObject): PodTemplate[] {
  const workflow = workflowSpec(object);
  if (!workflow) return [];
  const { spec, path } = workflow;
  const defaults = fields(spec.templateDefaults);
  return items(spec.templates, `${path}.templates`).flatMap((item) => {
    const template = { ...defaults, ...item.value };
    const containers = templateContainers(template, item.path);
    if (containers.length === 0) return [];
    const labels = { ...strings(at(spec, 'podMetadata', 'labels')), ...strings(at(template, 'metadata', 'labels')) };
    const expressions = Object.keys(labels).filter((key) => isExpression(labels[key]));
    return [
      {
        object,
        namespace: object.manifest.metadata.namespace ?? '',
        path: item.path,
        spec: inherit(template, spec),
        own: item.value,
        labels,
        dynamicLabels: new Set([...CONTROLLER_LABELS, ...expressions]),
        containers,
        lifetime: 'workflow' as const,
      },
    ];
  });
}

function templateContainers(template: Fields, path: string): PodContainer[] {
  const one = (['container', 'script'] as const).flatMap((key): PodContainer[] =>
    template[key] === undefined
      ? []
      : [{ name: 'main', role: 'main', path: `${path}.${key}`, fields: fields(template[key]) }],
  );
  return [
    ...containersAt(template.initContainers, `${path}.initContainers`, 'init'),
    ...one,
    ...containersAt(at(template, 'containerSet', 'containers'), `${path}.containerSet.containers`, 'main'),
    ...containersAt(template.sidecars, `${path}.sidecars`, 'main'),
  ];
}

function inherit(template: Fields, workflow: Fields): Fields {
  const own = INHERITED.flatMap((key) => {
    const value = template[key] ?? workflow[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...Object.fromEntries(own),
    priorityClassName: template.priorityClassName ?? workflow.podPriorityClassName,
    imagePullSecrets: workflow.imagePullSecrets,
    hostNetwork: workflow.hostNetwork,
    // The template's own first, so that their positions are those in the template.
    volumes: [...list(template.volumes), ...list(workflow.volumes)],
  };
}
