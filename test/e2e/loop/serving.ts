import { parseYaml } from '../../../src/core/yaml';
import { type LoadResult, load } from '../../../src/load/load';
import type { Manifest } from '../../../src/render/model';
import { apply, get, kubectl, say, waitFor } from '../kubectl';
import { ProgramFailed } from '../run';
import { refresh } from './argo-cd';
import { ask } from './http';
import { type Ended, submit, waitForEnd } from './workflows';
import { hosts, livePods, type World } from './world';

const NAMESPACE = 'inference';
const POD_SELECTOR = 'app.kubernetes.io/name=inference';

const TEXTS = ['A wonderful film, funny and moving.', 'Dull, far too long, and it makes no sense.'] as const;

/** Version that the API answers with, through the Gateway; undefined when it gives no answer. */
export async function servedVersion({ front }: World, host: string = hosts.api): Promise<string | undefined> {
  const reply = await ask(front, host, '/model').catch(() => undefined);
  return reply?.status === 200 ? reply.json?.version : undefined;
}

/**
 * Promotes with the pipeline, and measures from the commit to the first answer of the version. The Git server has no
 * webhook, so Argo CD is told to look.
 */
export async function promote(
  world: World,
  version: string,
): Promise<{ ended: Promise<Ended>; commit: string; served: number }> {
  const { repository } = world;
  const before = await repository.head();
  const name = await submit('promote-model-version', { version });
  const commit = await waitFor('the deployer pushes a commit', 300, async () => {
    const head = await repository.pull();
    return head === before ? undefined : head;
  });
  const begin = performance.now();
  await refresh('e2e', 'e2e-inference');
  const wanted = repository.models().sentiment?.version;
  await waitFor(`${wanted} is served`, 300, async () => ((await servedVersion(world)) === wanted ? true : undefined));
  const served = (performance.now() - begin) / 1000;
  const ended = waitForEnd('promote-model-version', name);
  ended.catch(() => undefined);
  return { ended, commit, served };
}

/** Sends predictions until `work` has ended and at least that many requests were answered. */
export async function underLoad(
  { front }: World,
  options: { readonly host?: string; readonly requests: number; readonly rate: number; readonly freshRate: number },
  work: () => Promise<void>,
): Promise<LoadResult> {
  const { host = hosts.api, requests, rate, freshRate } = options;
  const target = {
    url: new URL(`https://${host}:${front.port}/predict`),
    address: front.address,
    authority: front.authority,
  };
  const end = new AbortController();
  let told = 0;
  const loading = load({
    targets: [
      { ...target, keepAlive: true, rate },
      { ...target, keepAlive: false, rate: freshRate },
    ],
    texts: TEXTS,
    requests,
    until: end.signal,
    onProgress: (so) => {
      if (++told % 30 === 0)
        say(`    load: ${so.requests} requests, ${so.failed} failed ${JSON.stringify(so.reasons)}`);
    },
  });
  try {
    await work();
  } finally {
    end.abort();
  }
  return loading;
}

export async function restart(name = 'inference'): Promise<void> {
  say(`  rollout restart of ${name}`);
  await kubectl(['rollout', 'restart', `deployment/${name}`, '--namespace', NAMESPACE]);
  await rolledOut(name);
}

/** Waits until every pod of a Deployment is of its present revision. */
export async function rolledOut(name: string): Promise<void> {
  await kubectl(['rollout', 'status', `deployment/${name}`, '--namespace', NAMESPACE, '--timeout', '240s']);
}

/** Deletes every pod that there is now, one after the other, each when the one before has its successor. */
export async function deleteEachPod(): Promise<void> {
  for (const { metadata } of await livePods(NAMESPACE, POD_SELECTOR)) {
    say(`  delete ${metadata.name}`);
    await kubectl(['delete', 'pod', metadata.name, '--namespace', NAMESPACE]);
    await allReady();
  }
}

/** Evicts every pod that there is now: what a drain of their node does. The disruption budget makes it wait. */
export async function evictEachPod(): Promise<void> {
  for (const { metadata } of await livePods(NAMESPACE, POD_SELECTOR)) {
    say(`  evict ${metadata.name}`);
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: metadata.name, namespace: NAMESPACE },
    };
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}/eviction`;
    await waitFor(`${metadata.name} may be evicted`, 240, async () => {
      try {
        await kubectl(['create', '--raw', path, '--filename', '-'], eviction);
        return true;
      } catch (error) {
        if (error instanceof ProgramFailed && /disruption budget|NotFound/.test(error.message)) {
          return error.message.includes('NotFound') ? true : undefined;
        }
        throw error;
      }
    });
  }
  await allReady();
}

async function allReady(): Promise<void> {
  await waitFor('every replica is ready', 240, async () => {
    const [deployment] = await get('deployment', 'inference', '--namespace', NAMESPACE);
    const { replicas, readyReplicas, updatedReplicas } = deployment?.status ?? {};
    return replicas === readyReplicas && replicas === updatedReplicas ? true : undefined;
  });
}

/**
 * The same workload without what protects its users, beside the real one: no wait before the end, and pods count as
 * ready before they are.
 */
export async function unprotectedCopy({ repository }: World): Promise<void> {
  const read = (file: string) => parseYaml(repository.read(`dist/e2e/inference/${file}`)) as Manifest;
  const name = 'inference-unprotected';
  const labels = { 'app.kubernetes.io/name': name };
  const rename = (object: Manifest, spec: object): object => ({
    ...object,
    metadata: { name, namespace: NAMESPACE, labels },
    spec,
  });
  const deployment = read('deployment-inference.yaml') as never as {
    spec: { template: { metadata: object; spec: { containers: Record<string, unknown>[] } } };
  };
  const [{ lifecycle, readinessProbe, startupProbe, ...container } = {}] = deployment.spec.template.spec.containers;
  const template = {
    metadata: { labels },
    spec: { ...deployment.spec.template.spec, containers: [container], topologySpreadConstraints: [] },
  };
  const policy = read('networkpolicy-inference.yaml').spec as object;
  const route = read('httproute-inference.yaml').spec as object;
  const service = read('service-inference.yaml').spec as { readonly ports: readonly { readonly port: number }[] };
  await apply([
    rename(read('deployment-inference.yaml'), {
      ...deployment.spec,
      replicas: 2,
      minReadySeconds: 0,
      selector: { matchLabels: labels },
      template,
    }),
    rename(read('service-inference.yaml'), { ...service, selector: labels }),
    rename(read('networkpolicy-inference.yaml'), { ...policy, podSelector: { matchLabels: labels } }),
    rename(read('httproute-inference.yaml'), {
      ...route,
      hostnames: [hosts.unprotected],
      rules: [{ backendRefs: [{ name, port: service.ports[0]?.port }] }],
    }),
  ]);
  await kubectl(['rollout', 'status', `deployment/${name}`, '--namespace', NAMESPACE, '--timeout', '120s']);
}

export async function removeUnprotectedCopy(): Promise<void> {
  for (const kind of ['deployment', 'service', 'networkpolicy', 'httproute']) {
    await kubectl(['delete', kind, 'inference-unprotected', '--namespace', NAMESPACE, '--ignore-not-found']);
  }
}
