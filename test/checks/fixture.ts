import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { checks } from '../../src/checks';
import type { CheckReport } from '../../src/checks/run';
import { runChecks } from '../../src/checks/run';
import type {
  ExternalObject,
  Manifest,
  ProvidedObjects,
  RenderedCluster,
  RenderedComponent,
  RenderedObject,
} from '../../src/render/model';
import { cluster } from './cluster';

const root = join(__dirname, 'fixtures');

/**
 * Begins a component in a fixture file: a document without a kind. What follows belongs to it; objects before the first
 * one belong to a component of wave 0.
 */
interface Header {
  readonly component: string;
  readonly wave?: number;
  readonly namespace?: string;
  readonly provides?: ProvidedObjects;
  /** `Kind/name` or `Kind/namespace/name` of what exists without being rendered, with `:key,key` after it if its keys are known. */
  readonly external?: readonly string[];
  /** How often each text of `data` and of the annotations is repeated. */
  readonly repeat?: number;
}

export function fixtureIds(): string[] {
  return readdirSync(root).sort();
}

export function readFixture(id: string, name: 'good' | 'bad'): RenderedCluster | undefined {
  const file = join(root, id, `${name}.yaml`);
  return existsSync(file) ? rendered(loadAll(readFileSync(file, 'utf8')), name) : undefined;
}

/** A cluster of these documents, each an object or a {@link Header}. */
export function rendered(documents: readonly unknown[], path = 'fixture'): RenderedCluster {
  const components: (RenderedComponent & { objects: RenderedObject[] })[] = [];
  const externals: ExternalObject[] = ['Namespace/inference', 'Namespace/argocd'].map(external);
  let repeat = 1;
  const begin = ({
    component,
    wave = 0,
    namespace = 'inference',
    provides = {},
    external: others = [],
    repeat: times = 1,
  }: Header) => {
    repeat = times;
    components.push({
      cluster: cluster.name,
      name: component,
      namespace,
      wave,
      project: 'fixture',
      upstream: false,
      objects: [],
      provides,
    });
    externals.push(...others.map(external));
  };
  for (const document of documents) {
    const manifest = document as Manifest & Header;
    if (manifest.kind === undefined) {
      begin(manifest);
      continue;
    }
    if (components.length === 0) begin({ component: 'fixture' });
    const component = components.at(-1);
    component?.objects.push({
      manifest: repeat > 1 ? repeated(manifest, repeat) : manifest,
      cluster: cluster.name,
      component: component.name,
      wave: component.wave,
      path: `${path}/${component.name}/${component.objects.length}`,
      source: () => undefined,
      allowed: new Map(),
    });
  }
  return { name: cluster.name, components, externals };
}

/** The same cluster with every object allowed to fail a check. */
export function allowing(one: RenderedCluster, id: string, reason: string): RenderedCluster {
  const allowed = new Map([[id, reason]]);
  return {
    ...one,
    components: one.components.map((component) => ({
      ...component,
      objects: component.objects.map((object) => ({ ...object, allowed })),
    })),
  };
}

export function check(one: RenderedCluster): CheckReport {
  return runChecks(cluster, one, checks);
}

function external(key: string): ExternalObject {
  const [path = '', keys] = key.split(':', 2);
  const [kind = '', ...rest] = path.split('/');
  const name = rest.at(-1) ?? '';
  return {
    kind,
    name,
    namespace: rest.length > 1 ? (rest[0] ?? '') : '',
    purpose: 'fixture',
    afterSync: false,
    keys: keys?.split(',') ?? [],
    path: 'fixture',
  };
}

function repeated(manifest: Manifest, times: number): Manifest {
  const all = (texts: unknown) =>
    Object.fromEntries(Object.entries(texts ?? {}).map(([key, text]) => [key, String(text).repeat(times)]));
  const { metadata, data } = manifest;
  return { ...manifest, metadata: { ...metadata, annotations: all(metadata.annotations) }, data: all(data) };
}
