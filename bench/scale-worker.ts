import { App } from 'cdk8s';
import { checks } from '../src/checks';
import { runChecks } from '../src/checks/run';
import { schemaCheck } from '../src/checks/schema';
import { loadSchemas } from '../src/checks/schemas/load';
import { homelab } from '../src/clusters/homelab';
import { loadClusters } from '../src/core/cluster';
import { ClusterScope } from '../src/core/component';
import { layout } from '../src/render/layout';
import { publish } from '../src/render/publish';
import { compareTrees, readTree } from '../src/render/tree';
import { walk } from '../src/render/walk';
import { constructObjects } from './objects';

/** One run over many objects; prints what it took as JSON. */
export interface ScaleResult {
  readonly objects: number;
  readonly findings: number;
  readonly milliseconds: Readonly<Record<'construct' | 'walk' | 'check' | 'layout' | 'compare' | 'publish', number>>;
  /** Processor time of the steps, collecting garbage included: what a busy machine inflates least. */
  readonly processor: number;
  readonly megabytes: number;
}

const [count = '1000', components = '10', dist = ''] = process.argv.slice(2);
const [cluster] = loadClusters([homelab]);
if (!cluster) throw new Error('the shipped cluster is not valid');
const size = { cpu: '100000', memory: '100Ti', ephemeralStorage: '1000Ti' };
const nodes = Object.fromEntries(
  Object.entries(cluster.nodes).map(([name, node]) => [name, { ...node, capacity: size }]),
);
const schemas = loadSchemas('schemas');

const milliseconds: Record<string, number> = {};
function step<T>(name: keyof ScaleResult['milliseconds'], work: () => T): T {
  const begin = performance.now();
  const result = work();
  milliseconds[name] = performance.now() - begin;
  return result;
}

const before = process.cpuUsage();
const scope = new ClusterScope(new App(), { ...cluster, nodes });
step('construct', () => constructObjects(scope, Number(count), Number(components)));
const rendered = step('walk', () => walk(scope, schemas.scopes));
const report = step('check', () => runChecks(scope.cluster, rendered, [schemaCheck(schemas), ...checks]));
const { files } = step('layout', () => layout([rendered]));
const change = step('compare', () => compareTrees(readTree(dist), files));
step('publish', () => publish(dist, files, change));
const { user, system } = process.cpuUsage(before);
if (process.env.FINDINGS) for (const { where, what } of report.errors.slice(0, 20)) console.error(where, what);
process.stdout.write(
  JSON.stringify({
    objects: files.length,
    findings: report.errors.length,
    milliseconds,
    processor: (user + system) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
