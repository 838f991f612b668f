import type { FileSpec } from '../../src/render/layout';

const folders = ['homelab/inference', 'homelab/registry', 'laptop/registry'];

/** Files of 8 KiB, a third of which stay, change or come and go between the two trees. */
function tree(version: string, extra: string): FileSpec[] {
  const padding = '#'.repeat(8192);
  return folders.flatMap((folder) => [
    ...Array.from({ length: 10 }, (_, index) => ({ path: `${folder}/kept-${index}.yaml`, content: padding })),
    ...Array.from({ length: 10 }, (_, index) => ({
      path: `${folder}/changed-${index}.yaml`,
      content: `${version}\n${padding}`,
    })),
    ...Array.from({ length: 10 }, (_, index) => ({ path: `${folder}/${extra}-${index}.yaml`, content: padding })),
  ]);
}

export const trees: readonly [readonly FileSpec[], readonly FileSpec[]] = [
  tree('one', 'only-in-one'),
  tree('two', 'only-in-two'),
];
