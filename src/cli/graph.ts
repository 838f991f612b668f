import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clusters } from '../clusters';
import { type Cluster, loadClusters } from '../core/cluster';
import { waves } from '../core/waves';
import { clusterSections, emptyPage, replaceSections } from '../render/graph/page';
import { root } from './project';
import { render } from './render';
import { type ExitCode, say, sayProblems } from './report';

export interface GraphOptions {
  /** Write nothing; fail when the page is not what the sources say. */
  readonly check?: boolean;
}

const PAGE = 'docs/platform.md';

/** Draws every cluster's components, waves and permitted connections into a page. */
export async function graph({ check }: GraphOptions): Promise<ExitCode> {
  const file = join(root, PAGE);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const after = replaceSections(before ?? emptyPage, PAGE, sections());
  if (after === before) {
    say(`${PAGE}: nothing changed`);
    return 0;
  }
  if (check) {
    sayProblems('error', [
      { where: PAGE, what: 'does not show what the sources say', fix: 'run "npm run graph" and commit it' },
    ]);
    return 1;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, after);
  renameSync(`${file}.next`, file);
  say(`${PAGE}: written`);
  return 0;
}

function sections(): string {
  const data = loadClusters(clusters);
  const waveNames = new Map(Object.entries(waves).map(([name, number]) => [number, name]));
  const pictured = render(clusters).clusters.map((cluster) => {
    const own = data.find(({ name }) => name === cluster.name);
    return { cluster, names: own ? addressNames(own) : new Map<string, string>() };
  });
  return clusterSections(pictured, waveNames);
}

function addressNames({ network }: Cluster): Map<string, string> {
  return new Map([
    ['0.0.0.0/0', 'internet'],
    [network.nodes, 'nodes'],
    [network.apiServer.cidr, 'API server'],
  ]);
}
