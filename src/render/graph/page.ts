import type { Problem } from '../../core/problem';
import { InvalidInput } from '../../core/problem';
import type { RenderedCluster } from '../model';
import { networkDiagram, wavesDiagram } from './mermaid';
import { type Network, network } from './network';

export const BEGIN = '<!-- begin: written by "npm run graph" -->';
export const END = '<!-- end: written by "npm run graph" -->';

/** A page to begin with; what stands around the marks is a person's. */
export const emptyPage = ['# The platform in pictures', '', BEGIN, END, ''].join('\n');

/** A cluster and what its addresses are called, by CIDR. */
export interface Pictured {
  readonly cluster: RenderedCluster;
  readonly names: ReadonlyMap<string, string>;
}

/** Headings, pictures and tables of these clusters, to be put between the marks. */
export function clusterSections(clusters: readonly Pictured[], waveNames: ReadonlyMap<number, string>): string {
  return clusters.map((one) => section(one, waveNames)).join('\n');
}

function section({ cluster, names }: Pictured, waveNames: ReadonlyMap<number, string>): string {
  const edges = network(cluster, names);
  return [
    `## ${cluster.name}`,
    '',
    '### Order',
    '',
    'From top to bottom: each wave is synced and healthy before the next begins. Dashed: installed from an upstream source.',
    '',
    ...code(wavesDiagram(cluster, waveNames)),
    '',
    '### Network',
    '',
    'An arrow leads from whoever may open a connection, and names the ports. Everything else is denied, except that every pod may ask the cluster DNS for names. Dashed: pods of an operator. Yellow: addresses outside the pods.',
    '',
    ...code(networkDiagram(edges)),
    '',
    ...table(edges),
    '',
  ].join('\n');
}

function code(diagram: string): string[] {
  return ['```mermaid', diagram, '```'];
}

function table({ participants, edges }: Network): string[] {
  const label = (id: string) => participants.find((one) => one.id === id)?.label ?? id;
  return [
    '| from | to | ports |',
    '| --- | --- | --- |',
    ...edges.map(({ from, to, ports }) => `| ${label(from)} | ${label(to)} | ${ports.join(', ') || 'all'} |`),
  ];
}

/**
 * Puts sections between the marks of a page and leaves the rest alone.
 *
 * @throws InvalidInput when the page has not one mark of each, in order
 */
export function replaceSections(page: string, file: string, sections: string): string {
  const parts = page.split(BEGIN);
  const [before = '', behind = ''] = parts;
  const ends = behind.split(END);
  if (parts.length !== 2 || ends.length !== 2) {
    const problem: Problem = {
      where: file,
      what: 'does not have one begin mark followed by one end mark',
      fix: `put "${BEGIN}" and "${END}" where the pictures shall be`,
    };
    throw new InvalidInput([problem]);
  }
  return `${before}${BEGIN}\n\n${sections}\n${END}${ends[1]}`;
}
