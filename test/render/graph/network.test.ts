import { describe, expect, test } from '@jest/globals';
import { networkDiagram, wavesDiagram } from '../../../src/render/graph/mermaid';
import { network } from '../../../src/render/graph/network';
import { BEGIN, clusterSections, END, emptyPage, replaceSections } from '../../../src/render/graph/page';
import type { Manifest, RenderedCluster, RenderedComponent } from '../../../src/render/model';

function component(name: string, wave: number, manifests: readonly Manifest[] = []): RenderedComponent {
  const objects = manifests.map((manifest) => ({
    manifest,
    cluster: 'c',
    component: name,
    wave,
    path: `c/${name}`,
    source: () => undefined,
    allowed: new Map<string, string>(),
  }));
  return { cluster: 'c', name, namespace: name, wave, project: 'p', upstream: false, objects, provides: {} };
}

const cluster = (...components: RenderedComponent[]): RenderedCluster => ({ name: 'c', components, externals: [] });

function policy(name: string, spec: object): Manifest {
  const podSelector = { matchLabels: { 'app.kubernetes.io/name': name } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: name },
    spec: { podSelector, ...spec },
  };
}

const pods = (name: string) => ({
  podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const port = (number: number, protocol = 'TCP') => ({ port: number, protocol });

/** Edges as `from -> to: ports`, by label. */
function edges(...manifests: Manifest[]): string[] {
  const found = network(cluster(component('a', 0, manifests)), new Map([['10.0.0.0/8', 'nodes']]));
  const label = (id: string) => found.participants.find((one) => one.id === id)?.label;
  return found.edges.map(({ from, to, ports }) => `${label(from)} -> ${label(to)}: ${ports.join(' ')}`);
}

describe('network', () => {
  test('draws once what both sides permit', () => {
    expect(
      edges(
        policy('api', { ingress: [{ from: [pods('ui')], ports: [port(80)] }] }),
        policy('ui', { egress: [{ to: [pods('api')], ports: [port(80)] }] }),
      ),
    ).toEqual(['ui -> api: 80']);
  });

  test('draws what one side permits, and pods that have no policy here', () => {
    expect(edges(policy('api', { ingress: [{ from: [pods('traefik')], ports: [port(80)] }] }))).toEqual([
      'traefik -> api: 80',
    ]);
  });

  test('names addresses and ports, and says when a rule is for everybody', () => {
    expect(
      edges(
        policy('api', {
          ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [port(443), port(53, 'UDP')] }, {}],
        }),
      ),
    ).toEqual(['nodes (10.0.0.0/8) -> api: 53/UDP 443', 'everybody -> api: ']);
  });

  test('leaves the cluster DNS out, which every pod may ask', () => {
    const dns = {
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    };
    expect(edges(policy('api', { egress: [{ to: [dns], ports: [port(53, 'UDP')] }] }))).toEqual([]);
  });

  test('a policy that denies everything is nobody', () => {
    expect(network(cluster(component('a', 0, [policy('api', { ingress: [] })]))).participants).toEqual([]);
  });
});

describe('diagrams', () => {
  test('waves stand in their order, whatever the order of components', () => {
    const diagram = wavesDiagram(cluster(component('late', 0), component('early', -20)), new Map([[0, 'services']]));
    expect(diagram.indexOf('early')).toBeLessThan(diagram.indexOf('late'));
    expect(diagram).toContain('"services (0)"');
    expect(diagram).toContain('wave_minus_20 --> wave_0');
  });

  test('names cannot end a label or be keywords', () => {
    const diagram = wavesDiagram(cluster(component('end', 0), component('a"]; click', 0)), new Map());
    expect(diagram).toContain('n_end["end"]');
    expect(diagram).toContain('["a#34;]#59; click"]');
    expect(networkDiagram({ participants: [], edges: [] })).toMatch(/^flowchart LR\n/);
  });
});

describe('page', () => {
  const sections = clusterSections([{ cluster: cluster(component('a', 0)), names: new Map() }], new Map());

  test('keeps what a person wrote around the marks', () => {
    const page = `Before\n${BEGIN}\nold\n${END}\nAfter\n`;
    const written = replaceSections(page, 'page.md', sections);
    expect(written).toMatch(/^Before\n/);
    expect(written).toMatch(/\nAfter\n$/);
    expect(written).not.toContain('old');
    expect(replaceSections(written, 'page.md', sections)).toBe(written);
  });

  test('begins with a page of its own', () => {
    expect(replaceSections(emptyPage, 'page.md', sections)).toContain('## c\n');
  });

  test.each(['', BEGIN, `${END}${BEGIN}`, `${BEGIN}${END}${BEGIN}${END}`])('refuses the marks in %j', (page) => {
    expect(() => replaceSections(page, 'page.md', sections)).toThrow(
      'page.md: does not have one begin mark followed by one end mark',
    );
  });
});
