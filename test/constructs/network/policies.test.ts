import { describe, expect, test } from '@jest/globals';
import { Construct } from 'constructs';
import { clusterDns, deriveNetworkPolicies } from '../../../src/constructs/network/policies';
import { ClusterScope, type Component } from '../../../src/core/component';
import type { Edge, Pods } from '../../../src/core/connections';
import { component, objects, written } from '../component';

const labels = (name: string) => ({ 'app.kubernetes.io/name': name });
const pods = (scope: Component, name: string, namespace = 'a'): Pods => ({
  name,
  namespace,
  podLabels: labels(name),
  policyScope: new Construct(scope, name),
});

function derive(edges: (scope: Component) => readonly Edge[]) {
  const scope = component();
  const cluster = ClusterScope.of(scope);
  for (const edge of edges(scope)) cluster.connections.add(edge);
  deriveNetworkPolicies(cluster);
  return scope;
}

const dns = {
  to: [
    {
      podSelector: { matchLabels: clusterDns.podLabels },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

describe('the policies of an edge', () => {
  test('within a namespace: both sides have one, and each may ask for names', () => {
    const scope = derive((scope) => [
      { from: pods(scope, 'ui'), to: pods(scope, 'api'), ports: [{ port: 8080 }], description: 'asks' },
    ]);
    const ports = [{ port: 8080, protocol: 'TCP' }];
    expect(written(scope, 'NetworkPolicy', 'api').spec).toEqual({
      podSelector: { matchLabels: labels('api') },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchLabels: labels('ui') } }], ports }],
      egress: [dns],
    });
    expect(written(scope, 'NetworkPolicy', 'ui').spec).toEqual({
      podSelector: { matchLabels: labels('ui') },
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ to: [{ podSelector: { matchLabels: labels('api') } }], ports }, dns],
    });
  });

  test('between namespaces: the other is named by its namespace too', () => {
    const scope = derive((scope) => [
      { from: pods(scope, 'ui', 'b'), to: pods(scope, 'api'), ports: [{ port: 53, protocol: 'UDP' }], description: '' },
    ]);
    expect(written(scope, 'NetworkPolicy', 'api').spec.ingress).toEqual([
      {
        from: [
          {
            podSelector: { matchLabels: labels('ui') },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } },
          },
        ],
        ports: [{ port: 53, protocol: 'UDP' }],
      },
    ]);
  });

  test('to addresses: one policy, of the pods', () => {
    const scope = derive((scope) => [
      {
        from: pods(scope, 'api'),
        to: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
        ports: [{ port: 443 }],
        description: '',
      },
    ]);
    expect(objects(scope)).toHaveLength(1);
    expect(written(scope, 'NetworkPolicy', 'api').spec.egress[0]).toEqual({
      to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }],
      ports: [{ port: 443, protocol: 'TCP' }],
    });
  });

  test('do not depend on the order in which edges were declared', () => {
    const edges = (scope: Component): Edge[] => {
      const to = pods(scope, 'api');
      return ['ui', 'tester', 'trainer'].map((name) => ({
        from: pods(scope, name),
        to,
        ports: [{ port: 8080 }],
        description: '',
      }));
    };
    const [one, other] = [derive(edges), derive((scope) => edges(scope).reverse())];
    expect(written(one, 'NetworkPolicy', 'api')).toEqual(written(other, 'NetworkPolicy', 'api'));
  });
});

test('without an edge there is no policy: the namespace denies by default', () => {
  expect(objects(derive(() => []))).toEqual([]);
});
