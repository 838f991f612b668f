import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toYaml } from '../../src/core/yaml';
import type { Manifest } from '../../src/render/model';
import type { Finding, Section } from '../../src/verify/finding';
import { makeProject, type Project } from '../support/project';
import { temporaryFolder } from '../support/temporary';
import { describeOnCluster, get, kubectl } from './kubectl';

/** A namespace of its own: it disturbs no platform that runs beside it. */
const NAMESPACE = 'mlops-e2e-verify';
const FOLDER = 'dist/homelab/verify';

const configMap: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: NAMESPACE },
  data: { level: 'info' },
};
const service: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'api', namespace: NAMESPACE },
  spec: { type: 'ClusterIP', selector: { app: 'api' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
};
const namespace: Manifest = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/warn': 'restricted' } },
};

describeOnCluster('verify', () => {
  const home = temporaryFolder();
  let project: Project;
  let context = '';

  beforeAll(async () => {
    context = (await kubectl(['config', 'current-context'])).stdout.trim();
    project = makeProject();
  });

  afterAll(async () => {
    await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout', '120s']);
    project.remove();
  });

  /** Makes these objects all that the cluster should hold. */
  function dist(...objects: readonly Manifest[]): void {
    rmSync(join(project.folder, 'dist/homelab'), { recursive: true, force: true });
    mkdirSync(join(project.folder, FOLDER), { recursive: true });
    objects.forEach((object, index) => {
      writeFileSync(join(project.folder, FOLDER, `${index}.yaml`), toYaml(object));
    });
  }

  function verify(kubeconfig = process.env.KUBECONFIG) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['bin/mlops.js', 'verify', '--context', context, '--cluster', 'homelab', '--json'],
      { cwd: project.folder, encoding: 'utf8', env: { ...process.env, KUBECONFIG: kubeconfig, NO_COLOR: '1' } },
    );
    return { code: status, stdout, stderr };
  }

  function sections(): readonly Section[] {
    const { stdout, stderr } = verify();
    if (stderr !== '') throw new Error(stderr);
    return (JSON.parse(stdout) as { sections: Section[] }).sections;
  }

  const objects = () => sections().find(({ name }) => name === 'objects');
  const told = ({ severity, where, what }: Finding) => `${severity}: ${where}: ${what}`;

  async function apply(...all: readonly Manifest[]): Promise<void> {
    const options = ['--server-side', '--field-manager', 'argocd-controller', '--force-conflicts'];
    for (const one of all) await kubectl(['apply', ...options, '--filename', '-'], one);
  }

  test('before anything is there: what is missing, and no trial in a namespace that is to come', () => {
    dist(namespace, configMap, service);
    expect(objects()?.findings.map(told)).toEqual([`error: ${FOLDER}: none of its 3 objects is in the cluster`]);
  });

  test('what is there as it should be is no finding', async () => {
    await apply(namespace, configMap, service);
    expect(objects()).toEqual({ name: 'objects', looked: 3, findings: [] });
  });

  test('what somebody changed by hand, removed or never applied; and nothing of it is changed', async () => {
    const patch = JSON.stringify({ data: { level: 'debug' } });
    await kubectl(['patch', 'configmap', 'settings', '--namespace', NAMESPACE, '--type', 'merge', '--patch', patch]);
    await kubectl(['delete', 'service', 'api', '--namespace', NAMESPACE]);
    const versions = async () =>
      (await get('configmaps,services', '--namespace', NAMESPACE)).map(({ metadata }) => metadata.resourceVersion);
    const before = await versions();
    expect(objects()?.findings.map(told)).toEqual([
      `error: ConfigMap ${NAMESPACE}/settings: is not as ${FOLDER} says: data.level is "debug" and not "info"`,
      `error: ${FOLDER}: not in the cluster: Service ${NAMESPACE}/api`,
    ]);
    expect(await versions()).toEqual(before);
  });

  test('what the API server refuses, cannot change, or warns of', async () => {
    const fixed = { ...configMap, metadata: { ...configMap.metadata, name: 'fixed' }, immutable: true };
    await apply(configMap, fixed);
    const deployment: Manifest = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'api', namespace: NAMESPACE },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'api' } },
        template: {
          metadata: { labels: { app: 'api' } },
          spec: { containers: [{ name: 'api', image: 'example.org/api:1.0.0' }] },
        },
      },
    };
    dist({ ...service, spec: { ports: [{ port: 0 }] } }, { ...fixed, data: { level: 'debug' } }, deployment);
    const findings = objects()?.findings ?? [];
    expect(findings.map(told)).toEqual([
      expect.stringMatching(
        /^error: Service \S+: the API server refuses it: .*spec\.ports\[0\]\.port: Invalid value: 0/,
      ),
      expect.stringMatching(/^error: ConfigMap \S+: the API server refuses it: .*field is immutable/),
      expect.stringMatching(/^warning: Deployment \S+: the API server warns: would violate PodSecurity "restricted/),
      expect.stringMatching(`^error: ${FOLDER}: not in the cluster: Service .+, Deployment `),
    ]);
    expect(findings[1]?.fix).toContain(`kubectl delete configmap fixed --namespace ${NAMESPACE}`);
  });

  test('a kind that is not served, and Secrets that nobody created', () => {
    dist({ apiVersion: 'example.org/v1', kind: 'Unknown', metadata: { name: 'a', namespace: NAMESPACE } });
    const all = sections();
    expect(all.find(({ name }) => name === 'kinds')?.findings.map(told)).toEqual([
      'error: kind Unknown of example.org/v1: is not served, so that its objects cannot be synced',
    ]);
    expect(all.find(({ name }) => name === 'what must exist')?.looked).toBeGreaterThan(5);
  });

  test('an account without rights: each right that lacks once; a credential that is not accepted: one line', async () => {
    dist(namespace, configMap, service);
    await kubectl(['create', 'serviceaccount', 'powerless', '--namespace', NAMESPACE]);
    const { stdout: token } = await kubectl(['create', 'token', 'powerless', '--namespace', NAMESPACE]);
    const { stdout } = await kubectl(['config', 'view', '--raw', '--flatten', '--minify', '--output', 'json']);
    const as = (credential: string) => {
      const config = JSON.parse(stdout);
      config.users[0].user = { token: credential };
      const file = join(home, 'kubeconfig');
      writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
      return verify(file);
    };
    const powerless = as(token.trim());
    const found = (JSON.parse(powerless.stdout) as { sections: Section[] }).sections.flatMap(
      ({ findings }) => findings,
    );
    const rights = found.filter(({ where }) => where === 'rights').map(({ what }) => what);
    expect(rights).toContainEqual(expect.stringMatching(/cannot list resource "nodes" in API group "" at the cluster/));
    expect(rights).toContainEqual(expect.stringMatching(/cannot patch resource "configmaps" in API group ""/));
    expect(new Set(rights).size).toBe(rights.length);
    expect(powerless.code).toBe(1);

    const { code, stderr } = as('no-token');
    expect(stderr).toMatch(
      /^error: context \S+: \S+ does not accept the credential, or no longer \(401\); log in again.*\n$/,
    );
    expect(code).toBe(1);
  });
});
