import { expect, test } from '@jest/globals';
import { checks } from '../../src/checks';
import { runChecks } from '../../src/checks/run';
import { schemaCheck } from '../../src/checks/schema';
import { loadSchemas } from '../../src/checks/schemas/load';
import { cluster } from './cluster';
import { rendered } from './fixture';

const schemas = loadSchemas('schemas');

/** Ids of the checks that stop synth, and the fields in which they found something. */
function findings(object: object): string[] {
  const { errors } = runChecks(cluster, rendered([object]), [schemaCheck(schemas), ...checks]);
  return errors.map(({ where, what }) => `${/, (\S+)\)$/.exec(where)?.[1] ?? ''} ${/\[([a-z-]+)\]$/.exec(what)?.[1]}`);
}

const container = { name: 'a', image: 'registry.example.org/a:1.0.0' };
const pod = { containers: [container] };
const labels = { 'app.kubernetes.io/name': 'a' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', namespace: 'inference' },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
};
const volume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'a' },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, local: { path: '/srv/a' } },
};

test('a nodeSelector that was spread into the Deployment, not into its pods', () => {
  const nodeSelector = { 'kubernetes.io/hostname': 'ubuntu2' };
  const bad = { ...deployment, spec: { ...deployment.spec, nodeSelector } };
  expect(findings(deployment).filter((one) => one.includes('nodeSelector'))).toEqual([]);
  expect(findings(bad).filter((one) => one.includes('nodeSelector'))).not.toEqual([]);
});

test('a PersistentVolume with a namespace', () => {
  const bad = { ...volume, metadata: { name: 'a', namespace: 'inference' } };
  expect(findings(volume).filter((one) => one.includes('metadata.namespace'))).toEqual([]);
  expect(findings(bad).filter((one) => one.includes('metadata.namespace'))).not.toEqual([]);
});

test('ReadWriteMany on a directory of one node', () => {
  const bad = { ...volume, spec: { ...volume.spec, accessModes: ['ReadWriteMany'] } };
  expect(findings(volume).filter((one) => one.includes('accessModes'))).toEqual([]);
  expect(findings(bad).filter((one) => one.includes('accessModes'))).not.toEqual([]);
});

test('an image that is called latest', () => {
  const image = 'registry.example.org/a:latest';
  const template = { metadata: { labels }, spec: { containers: [{ ...container, image }] } };
  const bad = { ...deployment, spec: { ...deployment.spec, template } };
  expect(findings(deployment).filter((one) => one.includes('image-pinned'))).toEqual([]);
  expect(findings(bad).filter((one) => one.includes('image-pinned'))).not.toEqual([]);
});

test('a node port that two Services want', () => {
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'inference' },
    spec: { type: 'NodePort', selector: labels, ports: [{ name: 'http', port: 80, nodePort: 30500 }] },
  });
  const { errors } = runChecks(cluster, rendered([service('a'), service('b')]), checks);
  expect(errors.map(({ what }) => what).filter((what) => what.includes('node-port-collision'))).toHaveLength(1);
});
