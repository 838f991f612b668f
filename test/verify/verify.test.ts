import { describe, expect, jest, test } from '@jest/globals';
import { formatProblem } from '../../src/core/problem';
import { type Manifest, objectKey } from '../../src/render/model';
import { verify } from '../../src/verify';
import { type FakeCluster, failure } from './fake-cluster';
import { expectedOf, healthy } from './healthy';

// A busy machine takes its time over two hundred objects.
jest.setTimeout(60_000);

const homelab = expectedOf('homelab');

/** What is found after a change to a cluster on which everything is as it should be. */
async function findingsAfter(change: (fake: FakeCluster) => void, expected = homelab): Promise<string[]> {
  const fake = healthy(expected);
  change(fake);
  const sections = await verify(fake, expected);
  return sections
    .flatMap(({ findings }) => findings)
    .map(({ severity, ...finding }) => `${severity}: ${formatProblem(finding)}`);
}

/** Replaces fields of an object that is there. */
function edit(fake: FakeCluster, kind: string, name: string, change: (object: Manifest) => object): void {
  const found = [...fake.objects.values()].find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`the fake has no ${kind} ${name}`);
  fake.objects.set(objectKey(found), { ...found, ...change(found) });
}

describe('a cluster on which everything is as it should be', () => {
  test.each(['homelab', 'laptop'])('has no findings: %s', async (name) => {
    expect(await findingsAfter(() => undefined, expectedOf(name))).toEqual([]);
  });

  test('is only read: every other request is a dry run', async () => {
    const fake = healthy(homelab);
    const sections = await verify(fake, homelab);
    expect(fake.requests.filter((one) => !/^GET |^PATCH .*\?dryRun=All$/.test(one))).toEqual([]);
    expect(sections.map(({ name, looked }) => [name, looked > 0])).toEqual(
      ['versions', 'nodes', 'kinds', 'what must exist', 'objects'].map((name) => [name, true]),
    );
  });
});

describe('prerequisites', () => {
  test.each<[string, (fake: FakeCluster) => void, string]>([
    [
      'an older Kubernetes',
      (fake) => {
        fake.version = 'v1.33.4+k3s1';
      },
      'error: homelab.versions.kubernetes: Kubernetes is older (v1.33.4+k3s1 runs), so that newer fields would be refused or dropped (got "1.34"); upgrade Kubernetes, or set it to 1.33, the version that runs',
    ],
    [
      'a newer Kubernetes',
      (fake) => {
        fake.version = 'v1.35.0';
      },
      'warning: homelab.versions.kubernetes: Kubernetes v1.35.0 is newer (got "1.34"); set it to 1.35, the version that runs',
    ],
    [
      'an Argo CD that runs elsewhere',
      (fake) => fake.objects.delete('apps/StatefulSet/argocd/argocd-application-controller'),
      'warning: homelab.versions.argoCd: which Argo CD runs cannot be seen: there is no namespaces/argocd/statefulsets/argocd-application-controller with a version; install it, or compare by hand where it runs elsewhere',
    ],
    [
      'a node that is not there',
      (fake) => fake.objects.delete('/Node//ubuntu3'),
      'error: Node ubuntu3: is not in the cluster; join the machine, or remove homelab.nodes.ubuntu3',
    ],
    [
      'a node that nobody described',
      (fake) => fake.objects.set('/Node//spare', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'spare' } }),
      'warning: Node spare: is not among homelab.nodes, though pods may run on it; describe it there, or keep pods off it with a taint',
    ],
    [
      'a node without its label',
      (fake) => edit(fake, 'Node', 'ubuntu2', ({ metadata }) => ({ metadata: { ...metadata, labels: {} } })),
      'error: Node ubuntu2: has not the label kubernetes.io/hostname=ubuntu2, which placements and volumes go by; kubectl label node ubuntu2 kubernetes.io/hostname=ubuntu2 --overwrite',
    ],
    [
      'a node with less memory',
      (fake) =>
        edit(fake, 'Node', 'ubuntu2', ({ status }) => ({
          status: { ...(status as object), allocatable: { cpu: '8', memory: '31Gi', 'ephemeral-storage': '200Gi' } },
        })),
      'error: Node ubuntu2: has less memory than the 32Gi that capacities are counted with (got "31Gi"); set homelab.nodes.ubuntu2.capacity to what "kubectl describe node ubuntu2" shows under Allocatable',
    ],
    [
      'a cordoned node',
      (fake) => edit(fake, 'Node', 'ubuntu1', () => ({ spec: { unschedulable: true } })),
      'warning: Node ubuntu1: takes no new pods; let it: kubectl uncordon ubuntu1',
    ],
    [
      'a definition that is not there',
      (fake) => fake.unserved.add('Certificate'),
      'error: kind Certificate of cert-manager.io/v1: is not served, so that its objects cannot be synced; sync Application homelab-cert-manager, which brings its definition',
    ],
    [
      'a Secret that nobody created',
      (fake) => fake.objects.delete('/Secret/registry/registry-htpasswd'),
      'error: Secret registry/registry-htpasswd: is not there: users of the image registry, with bcrypt hashes; create it: kubectl create secret generic registry-htpasswd --from-file=htpasswd --namespace registry (before that: htpasswd -Bn USER > htpasswd)',
    ],
    [
      'a Secret without the key that is read',
      (fake) => edit(fake, 'Secret', 'registry-htpasswd', () => ({ data: { users: 'aGlkZGVu' } })),
      'error: Secret registry/registry-htpasswd: has no key htpasswd; create it: kubectl create secret generic registry-htpasswd --from-file=htpasswd --namespace registry (before that: htpasswd -Bn USER > htpasswd)',
    ],
  ])('%s', async (_, change, message) => {
    expect(await findingsAfter(change)).toEqual([message]);
  });

  test('a StorageClass that only a claim names', async () => {
    const laptop = expectedOf('laptop');
    expect(await findingsAfter((fake) => fake.objects.delete('storage.k8s.io/StorageClass//standard'), laptop)).toEqual(
      [
        'error: StorageClass standard: is not there: a PersistentVolumeClaim names it; install what serves it, or name one that "kubectl get storageclass" lists',
      ],
    );
  });

  test('what Argo CD brings first is waited for', async () => {
    const [finding] = await findingsAfter((fake) => fake.objects.delete('/ConfigMap/registry/registry-ca'));
    expect(finding).toMatch(
      /^warning: ConfigMap registry\/registry-ca: is not there: .+; once Argo CD has synced, create it/,
    );
  });
});

describe('objects', () => {
  test('a field that somebody changed', async () => {
    const change = (fake: FakeCluster) =>
      edit(fake, 'Service', 'registry', ({ spec }) => ({ spec: { ...(spec as object), type: 'LoadBalancer' } }));
    expect(await findingsAfter(change)).toEqual([
      'error: Service registry/registry: is not as dist/homelab/registry says: spec.type is "LoadBalancer" and not "NodePort"; argocd app sync homelab-registry; to keep it, put it into src/',
    ]);
  });

  test('one that a controller wrote to after it was listed is no difference', async () => {
    const list = '/api/v1/namespaces/registry/services';
    const change = (fake: FakeCluster) => {
      edit(fake, 'Service', 'registry', ({ spec }) => ({ spec: { ...(spec as object), loadBalancerClass: 'new' } }));
      const { get } = fake;
      const stale = {
        items: [{ metadata: { name: 'registry', namespace: 'registry' }, spec: { loadBalancerClass: 'old' } }],
      };
      fake.get = async (path) => (path === list ? { ...(await get(path)), body: stale } : get(path));
    };
    expect(await findingsAfter(change)).toEqual([]);
  });

  test('a Secret that differs, without its values', async () => {
    const change = (fake: FakeCluster) =>
      edit(fake, 'Secret', 'workflow.service-account-token', () => ({ type: 'precious' }));
    expect(await findingsAfter(change)).toEqual([
      expect.stringMatching(/^error: Secret .+ says: type is hidden and not hidden; argocd app sync /),
    ]);
  });

  test('an object that is not there, and a folder of which nothing is', async () => {
    expect(await findingsAfter((fake) => fake.objects.delete('/Service/registry/registry'))).toEqual([
      'error: dist/homelab/registry: not in the cluster: Service registry/registry; argocd app sync homelab-registry',
    ]);
    const none = (fake: FakeCluster) => {
      for (const [key, { metadata }] of fake.objects)
        if (metadata.namespace === 'inference-ui' && !/Secret|LimitRange|ResourceQuota|default/.test(key))
          fake.objects.delete(key);
    };
    expect(await findingsAfter(none)).toEqual([
      expect.stringMatching(
        /^error: dist\/homelab\/inference-ui: none of its \d+ objects is in the cluster; argocd app/,
      ),
    ]);
  });

  test('what its Application ignores is no difference', async () => {
    const service = (fake: FakeCluster, field: string) =>
      edit(fake, 'Service', 'inference-ui', ({ spec }) => ({
        spec: { ...(spec as object), [field]: { 'rollouts-pod-template-hash': 'a' } },
      }));
    expect(await findingsAfter((fake) => service(fake, 'selector'))).toEqual([]);
    expect(await findingsAfter((fake) => service(fake, 'ports'))).toHaveLength(1);
  });

  test("Argo CD's mark is no difference, and tells what it has left behind", async () => {
    const mark = (application: string, name: string) => ({
      'argocd.argoproj.io/tracking-id': `${application}:/ConfigMap:registry/${name}`,
    });
    const left = (name: string, marked: string, application = 'homelab-registry'): Manifest => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'registry', annotations: mark(application, marked) },
    });
    const change = (fake: FakeCluster) => {
      for (const one of [left('old', 'old'), left('copy', 'old'), left('foreign', 'foreign', 'other-registry')])
        fake.objects.set(objectKey(one), one);
      edit(fake, 'Service', 'registry', ({ metadata }) => ({
        metadata: { ...metadata, annotations: { ...metadata.annotations, ...mark('homelab-registry', 'registry') } },
      }));
    };
    expect(await findingsAfter(change)).toEqual([
      'warning: ConfigMap registry/old: was synced once and is no longer in dist/; argocd app sync homelab-registry --prune; what carries Prune=false is deleted by hand',
    ]);
  });

  test('one that the API server refuses, warns of, or cannot change', async () => {
    const judged = (answer: ReturnType<typeof failure>) => (fake: FakeCluster) =>
      void fake.judgements.set('Service/registry', answer);
    expect(await findingsAfter(judged(failure(422, 'spec.ports: Invalid value')))).toEqual([
      'error: Service registry/registry: the API server refuses it: spec.ports: Invalid value; mend what makes it: npm run explain -- Service/registry',
    ]);
    expect(await findingsAfter(judged(failure(422, 'spec.selector: field is immutable')))).toEqual([
      'error: Service registry/registry: the API server refuses it: spec.selector: field is immutable; give it another name, or let it be made anew: kubectl delete service registry --namespace registry',
    ]);
    const warned = (fake: FakeCluster) =>
      void fake.judgements.set('Service/registry', { warnings: ['is deprecated'] } as never);
    expect(await findingsAfter(warned)).toEqual([
      'warning: Service registry/registry: the API server warns: is deprecated; mend what makes it: npm run explain -- Service/registry',
    ]);
  });

  test('before the namespaces are there, nothing is tried in them', async () => {
    const found = await findingsAfter((fake) => {
      for (const key of fake.objects.keys()) if (key.startsWith('/Namespace/')) fake.objects.delete(key);
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^error: dist\/homelab\/namespaces: not in the cluster: Namespace /);
  });
});

describe('a right that lacks', () => {
  test.each(['list nodes', 'get secrets', 'list services', 'patch services', 'get statefulsets'])(
    'is told once: %s',
    async (right) => {
      const [verb, resource] = right.split(' ');
      const found = await findingsAfter((fake) => fake.denied.add(right));
      expect(found).toEqual([
        `error: rights: User "jane" cannot ${verb} resource "${resource}"; let it, or verify with another --context: what needs this right was not looked at`,
      ]);
    },
  );
});
