import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { toYaml } from '../../src/core/yaml';
import { argoCdPatches } from '../../src/platform/operators/argo-cd';
import { temporaryFolder } from '../support/temporary';
import { findTool, skipReason } from '../support/tools';

const argocd = findTool('argocd');
if (!argocd) skipReason("Argo CD's own check of its settings", 'the program argocd is not there');

/** The real Argo CD reads the settings and runs the health checks. */
(argocd ? describe : describe.skip)('settings of Argo CD', () => {
  const folder = temporaryFolder();
  const settings = join(folder, 'argocd-cm.yaml');
  const run = (...args: string[]) =>
    execFileSync(argocd ?? '', ['admin', 'settings', ...args, '--argocd-cm-path', settings], {
      encoding: 'utf8',
      env: { ...process.env, ARGOCD_BINARY_NAME: 'argocd' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const health = (manifest: object) => {
    const path = join(folder, 'object.yaml');
    writeFileSync(path, toYaml(manifest));
    return /STATUS: (\w+)/.exec(run('resource-overrides', 'health', path))?.[1];
  };

  beforeAll(() => {
    const [configMap] = argoCdPatches;
    const labels = { 'app.kubernetes.io/part-of': 'argocd' };
    writeFileSync(settings, toYaml({ ...configMap, metadata: { name: 'argocd-cm', namespace: 'argocd', labels } }));
  });

  test('are valid', () => {
    expect(run('validate')).toContain('resource overrides');
  });

  const application = (status: object) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'one', namespace: 'argocd' },
    status,
  });

  test.each([
    ['not looked at yet', {}, 'Progressing'],
    ['healthy, but not in sync', { health: { status: 'Healthy' }, sync: { status: 'OutOfSync' } }, 'Progressing'],
    ['healthy and in sync', { health: { status: 'Healthy' }, sync: { status: 'Synced' } }, 'Healthy'],
    ['broken', { health: { status: 'Degraded' }, sync: { status: 'Synced' } }, 'Degraded'],
  ])('hold the next wave until an Application is done: one that is %s', (_, status, expected) => {
    expect(health(application(status))).toBe(expected);
  });

  test('do not let a root Application, which holds itself, wait for its own end', () => {
    const holding = (name: string) => ({
      health: { status: 'Missing' },
      sync: { status: 'OutOfSync' },
      resources: [{ kind: 'Application', namespace: 'argocd', name }],
    });
    expect(health(application(holding('one')))).toBe('Healthy');
    expect(health(application(holding('another')))).not.toBe('Healthy');
  });

  const accepted = (status: string) => [{ type: 'Accepted', status, message: 'because' }];
  const gatewayApi = (kind: string, status?: object) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name: 'one', namespace: 'gateway' },
    ...(status && { status }),
  });

  test.each([
    ['GatewayClass', undefined, 'Progressing'],
    ['GatewayClass', { conditions: accepted('True') }, 'Healthy'],
    ['GatewayClass', { conditions: accepted('False') }, 'Degraded'],
    ['BackendTLSPolicy', undefined, 'Healthy'],
    ['BackendTLSPolicy', { ancestors: [{ conditions: accepted('True') }] }, 'Healthy'],
    ['BackendTLSPolicy', { ancestors: [{ conditions: accepted('False') }] }, 'Degraded'],
  ])('judge a %s with status %j as %s', (kind, status, expected) => {
    expect(health(gatewayApi(kind, status))).toBe(expected);
  });
});
