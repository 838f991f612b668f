import { EXECUTOR_RULES } from '../../../src/argo-workflows/language';
import { apply, get, kubectl, type LiveObject, listOf, waitFor } from '../kubectl';

/** The namespace of these tests; it is made and removed by them. */
export const NAMESPACE = 'language-test';

/** An image with `python3`, with which the node's container runtime starts every program of these tests. */
export const STAND_IN = process.env.E2E_STAND_IN ?? 'docker.io/library/python:3.12-slim';

/** What one of those programs takes at most. */
export const RESOURCES = {
  requests: { cpu: '10m', memory: '32Mi' },
  limits: { memory: '128Mi' },
} as const;

/** Identities of the programs: all may report outputs, and `maker` may make a ConfigMap, `asker` send HTTP requests. */
const RULES: Readonly<Record<string, readonly object[]>> = {
  workflow: [],
  maker: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get'] }],
  asker: [
    { apiGroups: ['argoproj.io'], resources: ['workflowtasksets'], verbs: ['list', 'watch'] },
    { apiGroups: ['argoproj.io'], resources: ['workflowtasksets/status'], verbs: ['patch'] },
  ],
};

/** Makes the namespace with what its workflows need. */
export async function makeNamespace(more: readonly object[]): Promise<void> {
  const metadata = { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata }]);
  const identities = Object.entries(RULES).flatMap(([name, rules]) => [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `${name}.service-account-token`,
        annotations: { 'kubernetes.io/service-account.name': name },
      },
      type: 'kubernetes.io/service-account-token',
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules: [...EXECUTOR_RULES, ...rules],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: NAMESPACE }],
    },
  ]);
  await apply([...identities, ...more], '--namespace', NAMESPACE);
}

/** Removes the namespace and waits until it is gone. */
export async function removeNamespace(): Promise<void> {
  await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout', '300s']);
}

/** A node of a run, as the controller left it. */
export interface RunNode {
  readonly id: string;
  readonly displayName: string;
  readonly name: string;
  readonly type: string;
  readonly phase: string;
  readonly message?: string;
  readonly templateName?: string;
  readonly outputs?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
  readonly memoizationStatus?: { readonly hit: boolean };
}

/** How a run ended. */
export interface Run {
  readonly phase: string;
  readonly message: string;
  /** What went wrong in which pods. */
  readonly failed: readonly string[];
  readonly nodes: readonly RunNode[];
  /** Outputs of its entrypoint. */
  readonly outputs: Readonly<Record<string, string | undefined>>;
  /** The only node of that name. */
  node(displayName: string): RunNode;
}

/** Applies workflow templates. */
export async function applyTemplates(manifests: readonly object[]): Promise<void> {
  await apply(manifests, '--namespace', NAMESPACE);
}

/** Submits runs, each named like its workflow template: all at once, because most of their time is waiting for pods. */
export async function submit(runs: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<void> {
  const workflows = Object.entries(runs).map(([template, parameters]) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: template },
    spec: {
      workflowTemplateRef: { name: template },
      arguments: { parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
    },
  }));
  await kubectl(['create', '--namespace', NAMESPACE, '--filename', '-'], listOf(workflows));
}

async function live(name: string): Promise<LiveObject | undefined> {
  const [found] = await get('workflows.argoproj.io', name, '--namespace', NAMESPACE);
  return found;
}

const nodesOf = (workflow: LiveObject | undefined): readonly RunNode[] => Object.values(workflow?.status?.nodes ?? {});
const valuesOf = (node: RunNode | undefined) =>
  Object.fromEntries((node?.outputs?.parameters ?? []).map(({ name, value }) => [name, value]));

/** Waits for the end of a run. */
export async function endOf(name: string): Promise<Run> {
  const workflow = await waitFor(`the workflow ${name} ends`, 480, async () => {
    const found = await live(name);
    if (['Succeeded', 'Failed', 'Error'].includes(found?.status?.phase)) return found;
    const open = nodesOf(found).filter(({ phase }) => phase === 'Pending' || phase === 'Running');
    throw new Error(open.map(({ displayName, phase, message }) => `${displayName}: ${phase} ${message}`).join('\n'));
  });
  const nodes = nodesOf(workflow);
  return {
    phase: workflow.status.phase,
    message: workflow.status.message ?? '',
    failed: nodes.flatMap(({ displayName, phase, type, message }) =>
      type === 'Pod' && ['Failed', 'Error'].includes(phase) ? [`${displayName}: ${message}`] : [],
    ),
    nodes,
    outputs: valuesOf(nodes.find((node) => node.name === name)),
    node: (displayName) => {
      const found = nodes.filter((node) => node.displayName === displayName);
      if (found.length !== 1 || !found[0]) throw new Error(`${found.length} nodes are called ${displayName}`);
      return found[0];
    },
  };
}

/** Answers what a run asks a person, as the Argo UI does: the values become outputs of the node that waits. */
export async function answer(name: string, displayName: string, answers: Readonly<Record<string, string>>) {
  const node = await waitFor(`${name} asks at ${displayName}`, 240, async () =>
    nodesOf(await live(name)).find((each) => each.displayName === displayName && each.phase === 'Running'),
  );
  const parameters = (node.outputs?.parameters ?? []).map((parameter) => ({
    ...parameter,
    value: answers[parameter.name],
  }));
  const finishedAt = new Date().toISOString().replace(/\.\d+/, '');
  const patch = { status: { nodes: { [node.id]: { phase: 'Succeeded', finishedAt, outputs: { parameters } } } } };
  const args = ['patch', 'workflow', name, '--namespace', NAMESPACE, '--type', 'merge', '--patch'];
  await kubectl([...args, JSON.stringify(patch)]);
}
