import { describe, expect, test } from '@jest/globals';
import { findByName, type Located, nearest } from '../../src/render/find';
import type { Manifest } from '../../src/render/model';

function located(kind: string, name: string, namespace?: string): Located {
  const manifest: Manifest = { apiVersion: 'v1', kind, metadata: { name, ...(namespace && { namespace }) } };
  const object = {
    manifest,
    cluster: 'c',
    component: 'a',
    wave: 0,
    path: 'c/a/x',
    source: () => undefined,
    allowed: new Map<string, string>(),
  };
  const component = {
    cluster: 'c',
    name: 'a',
    namespace: 'a',
    wave: 0,
    project: 'p',
    upstream: false,
    objects: [object],
    provides: {},
  };
  return { object, component, file: `c/a/${kind}-${name}.yaml` };
}

const policy = located('NetworkPolicy', 'web', 'one');
const other = located('NetworkPolicy', 'web', 'two');
const service = located('Service', 'web');

describe('findByName', () => {
  test.each(['NetworkPolicy', 'networkpolicy', 'networkpolicies', 'netpol', 'NETPOL'])('knows %s', (kind) => {
    expect(findByName([policy, service, other], kind, 'web')).toEqual([policy, other]);
  });

  test('takes the whole name only', () => {
    expect(findByName([service], 'service', 'we')).toEqual([]);
    expect(findByName([service], 'serv', 'web')).toEqual([]);
  });
});

test('nearest puts what was probably meant first', () => {
  const candidates = ['Service/registry-pods', 'StatefulSet/registry', 'Service/registry', 'Service/registry'];
  expect(nearest('service/regstry', candidates, 2)).toEqual(['Service/registry', 'Service/registry-pods']);
});
