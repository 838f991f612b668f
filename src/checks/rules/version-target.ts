import type { Cluster } from '../../core/cluster';
import { apiGroup, type RenderedObject } from '../../render/model';
import type { Check } from '../check';
import { podTemplates } from '../pods';
import { fields } from '../read';

type Target = keyof Cluster['versions'];

interface Field {
  /** Below the container, the pod's specification or the object; `[]` stands for each item of a list. */
  readonly path: readonly string[];
  /** The only value that is newer, where the field itself is older. */
  readonly value?: unknown;
  /** First version that has it by default. */
  readonly since?: string;
  /** First version that has it no longer, and what stands in its place. */
  readonly removed?: string;
  readonly instead?: string;
  readonly target: Target;
}

const kubernetes = (since: string, ...path: string[]): Field => ({ path, since, target: 'kubernetes' });
const argoCd = (since: string, ...path: string[]): Field => ({ path, since, target: 'argoCd' });
const removed = (instead: string, ...path: string[]): Field => ({
  path,
  removed: '4.0',
  instead,
  target: 'argoWorkflows',
});

/** @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ */
const CONTAINER: readonly Field[] = [
  kubernetes('1.30', 'lifecycle', 'preStop', 'sleep'),
  { ...kubernetes('1.29', 'restartPolicy'), value: 'Always' },
  kubernetes('1.33', 'resizePolicy'),
];

const POD: readonly Field[] = [
  kubernetes('1.33', 'hostUsers'),
  kubernetes('1.34', 'resources'),
  kubernetes('1.27', 'schedulingGates'),
  kubernetes('1.27', 'topologySpreadConstraints', '[]', 'matchLabelKeys'),
  kubernetes(
    '1.31',
    'affinity',
    'podAntiAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    '[]',
    'matchLabelKeys',
  ),
  kubernetes('1.35', 'volumes', '[]', 'image'),
];

const WORKFLOW: readonly Field[] = [
  removed('synchronization.mutexes', 'synchronization', 'mutex'),
  removed('synchronization.semaphores', 'synchronization', 'semaphore'),
  removed('podPriorityClassName', 'podPriority'),
  removed('synchronization.mutexes', 'templates', '[]', 'synchronization', 'mutex'),
  removed('synchronization.semaphores', 'templates', '[]', 'synchronization', 'semaphore'),
];

/** Fields below the object, by `group/Kind`. The versions are those that serve a field without a feature gate. */
const OBJECT: Readonly<Record<string, readonly Field[]>> = {
  '/Service': [kubernetes('1.31', 'spec', 'trafficDistribution')],
  'policy/PodDisruptionBudget': [kubernetes('1.27', 'spec', 'unhealthyPodEvictionPolicy')],
  'batch/Job': [kubernetes('1.31', 'spec', 'successPolicy'), kubernetes('1.29', 'spec', 'podReplacementPolicy')],
  'autoscaling/HorizontalPodAutoscaler': [kubernetes('1.27', 'spec', 'metrics', '[]', 'containerResource')],
  '/PersistentVolumeClaim': [kubernetes('1.34', 'spec', 'volumeAttributesClassName')],
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': [kubernetes('1.30', 'spec')],
  'argoproj.io/AppProject': [
    argoCd('3.3', 'spec', 'clusterResourceWhitelist', '[]', 'name'),
    argoCd('3.5', 'spec', 'sourceIntegrity'),
    argoCd('2.13', 'spec', 'destinationServiceAccounts'),
  ],
  'argoproj.io/Application': [
    argoCd('3.2', 'spec', 'syncPolicy', 'retry', 'refresh'),
    argoCd('3.1', 'spec', 'syncPolicy', 'automated', 'enabled'),
  ],
  'argoproj.io/WorkflowTemplate': below('spec', WORKFLOW),
  'argoproj.io/ClusterWorkflowTemplate': below('spec', WORKFLOW),
  'argoproj.io/CronWorkflow': [
    { path: ['spec', 'schedules'], since: '3.6', target: 'argoWorkflows' },
    { path: ['spec', 'when'], since: '3.6', target: 'argoWorkflows' },
    { path: ['spec', 'stopStrategy'], since: '3.6', target: 'argoWorkflows' },
    removed('schedules', 'spec', 'schedule'),
    ...below('spec.workflowSpec', WORKFLOW),
  ],
};

/** Fields that the cluster's versions do not know yet, or no more. */
export const versionTarget: Check = {
  id: 'version-target',
  severity: 'error',
  why: 'An API server drops a field that it does not know, so that what it asks for silently does not hold.',
  *run(context) {
    const { versions } = context.cluster;
    const judge = (object: RenderedObject, value: unknown, path: string, known: readonly Field[]) =>
      known
        .filter((field) => !isServed(field, versions))
        .flatMap((field) => uses(value, path, field).map((found) => finding(object, found, field, versions)));
    for (const object of context.objects) {
      const key = `${apiGroup(object.manifest.apiVersion)}/${object.manifest.kind}`;
      if (Object.hasOwn(OBJECT, key)) yield* judge(object, object.manifest, '', OBJECT[key] ?? []);
    }
    for (const { object, spec, path, containers } of podTemplates(context)) {
      yield* judge(object, spec, path, POD);
      for (const container of containers) yield* judge(object, container.fields, container.path, CONTAINER);
    }
  },
};

function isServed({ since, removed: until, target }: Field, versions: Cluster['versions']): boolean {
  const version = versions[target];
  return (since === undefined || !isOlder(version, since)) && (until === undefined || isOlder(version, until));
}

function isOlder(version: string, than: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [version, than].map((one) =>
    one.split('.').map(Number),
  ) as [number[], number[]];
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** Paths at which a field stands. */
function uses(value: unknown, path: string, { path: steps, value: only }: Field): string[] {
  const [step, ...rest] = steps;
  if (step === undefined) return value !== undefined && (only === undefined || value === only) ? [path] : [];
  const deeper = (child: unknown, at: string) =>
    uses(child, at, { path: rest, target: 'kubernetes', ...(only !== undefined && { value: only }) });
  if (step === '[]')
    return Array.isArray(value) ? value.flatMap((item, index) => deeper(item, `${path}[${index}]`)) : [];
  const parent = fields(value);
  return Object.hasOwn(parent, step) ? deeper(parent[step], path ? `${path}.${step}` : step) : [];
}

const NAMES: Readonly<Record<Target, string>> = {
  kubernetes: 'Kubernetes',
  argoCd: 'Argo CD',
  argoWorkflows: 'Argo Workflows',
};

function finding(
  object: RenderedObject,
  field: string,
  { since, removed: until, instead, target }: Field,
  versions: Cluster['versions'],
) {
  const product = NAMES[target];
  return since
    ? {
        object,
        field,
        what: `needs ${product} ${since}`,
        got: versions[target],
        fix: `leave the field out, or upgrade the cluster and raise versions.${target}`,
      }
    : { object, field, what: `is gone since ${product} ${until}`, got: versions[target], fix: `use ${instead}` };
}

function below(prefix: string, known: readonly Field[]): Field[] {
  return known.map((field) => ({ ...field, path: [...prefix.split('.'), ...field.path] }));
}
