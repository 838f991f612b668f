import { describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../../../src/argo-workflows/run/events';
import { formatDuration } from '../../../../src/argo-workflows/run/report/duration';
import { newRunTree } from '../../../../src/argo-workflows/run/report/tree';
import { type TreeLook, treeText } from '../../../../src/argo-workflows/run/report/tree-text';
import { runWorkflow } from '../../../../src/argo-workflows/run/run-workflow';
import { workflow } from '../workflows';

const look: TreeLook = { colours: false, width: 60, height: 99, now: 100 };

const training = workflow(
  `
- name: main
  dag:
    tasks:
      - {name: fetch, template: work}
      - {name: train, template: fit, depends: fetch}
      - {name: sweep, template: locked, depends: fetch, withItems: [a, b]}
      - {name: never, template: work, depends: fetch, when: "false"}
      - {name: alert, template: work, depends: train.Failed}
- name: fit
  retryStrategy: {limit: 2, retryPolicy: OnFailure}
  container: {image: busybox, command: [fit]}
- name: locked
  synchronization: {mutexes: [{name: gpu}]}
  container: {image: busybox, command: [fit]}
`,
  'hooks: {exit: {template: work}}',
);

/** The tree after every event, and the one at the end. */
async function pictures(fail: number): Promise<{ readonly all: readonly string[]; readonly last: string }> {
  const tree = newRunTree();
  const all: string[] = [];
  await runWorkflow(training, {
    fail: { train: fail },
    onEvent: (event: RunEvent) => {
      tree.add(event);
      all.push(treeText(tree.roots(), look).join('\n'));
    },
  });
  return { all, last: all.at(-1) ?? '' };
}

describe('the tree of a run', () => {
  test('says what runs, what waits and for what, and what comes', async () => {
    const { all } = await pictures(0);
    expect(
      all.find((picture) => picture.includes('waits') && !picture.includes('○ sweep') && !picture.includes('○ train')),
    ).toBe(
      `⠋ run                       1m 40s
├─ ✔ fetch                  1s
├─ ⠋ train                  1m 39s
├─ ⠋ sweep                  1m 39s
│  ├─ ⠋ sweep(0:a)          1m 39s
│  └─ ◷ sweep(1:b)                  waits: mutex "gpu"
├─ – never                          skipped: when 'false' e…
└─ ○ alert`,
    );
  });

  test('says at the end how everything ended, and folds attempts into one line', async () => {
    expect((await pictures(1)).last).toMatch(/✔ train +1s +1 retry\n/);
    const { last } = await pictures(9);
    expect(last).toMatch(/^✔ run +3s\n/);
    expect(last).toMatch(/✖ train +0s +2 retries · Error \(exit…\n/);
    expect(last).toMatch(/✔ alert +1s\n✔ onExit +1s$/);
  });

  test('is cut to its width, and folded to its height: first what succeeded', async () => {
    const tree = newRunTree();
    await runWorkflow(training, { onEvent: tree.add });
    const lines = (height: number, width = 60) => treeText(tree.roots(), { ...look, height, width });
    expect(lines(99)).toHaveLength(9);
    expect(lines(7)).toEqual(['✔ run                       3s      7 inside', '✔ onExit                    1s']);
    for (const width of [10, 20, 40, 80]) {
      for (const line of lines(99, width)) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});

test.each([
  [0, '0s'],
  [0.44, '0.4s'],
  [9.94, '9.9s'],
  [9.96, '10s'],
  [59.7, '1m 00s'],
  [185, '3m 05s'],
  [3720, '1h 02m'],
])('%f seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
