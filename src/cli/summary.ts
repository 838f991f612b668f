import Table from 'cli-table3';
import pc from 'picocolors';
import type { TreeChange } from '../render/tree';
import type { Rendering } from './render';

/** One line of the table: a component, how many objects it has and how many files changed. */
export interface ComponentSummary {
  readonly cluster: string;
  readonly component: string;
  readonly objects: number;
  readonly changed: number;
}

/** What synth rendered, for people and for programs. */
export function summary({ clusters }: Rendering, change: TreeChange): { text: string; components: ComponentSummary[] } {
  const changed = new Map<string, number>();
  for (const path of [...change.added, ...change.changed, ...change.removed]) {
    const folder = path.split('/').slice(0, 2).join('/');
    changed.set(folder, (changed.get(folder) ?? 0) + 1);
  }
  const components = clusters.flatMap((cluster) =>
    cluster.components
      .filter(({ upstream }) => !upstream)
      .map(({ name, objects }) => ({
        cluster: cluster.name,
        component: name,
        objects: objects.length,
        changed: changed.get(`${cluster.name}/${name}`) ?? 0,
      })),
  );
  const table = new Table({
    head: ['cluster', 'component', 'objects', 'changed'],
    colAligns: ['left', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
    chars: plain,
  });
  let last = '';
  for (const { cluster, component, objects, changed: files } of components) {
    table.push([
      cluster === last ? '' : pc.bold(cluster),
      component,
      objects,
      files === 0 ? pc.dim('0') : pc.green(String(files)),
    ]);
    last = cluster;
  }
  const objects = components.reduce((sum, one) => sum + one.objects, 0);
  const files = change.added.length + change.changed.length + change.removed.length;
  const outcome =
    files === 0
      ? 'nothing changed'
      : `${change.added.length} added, ${change.changed.length} changed, ${change.removed.length} removed`;
  return {
    text: `${table.toString()}\n\n${objects} objects in ${components.length} components; ${outcome}`,
    components,
  };
}

/** No frame: columns are enough, and lines of a frame are noise to who copies them. */
export const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
