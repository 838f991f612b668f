import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Node } from 'constructs';
import fc from 'fast-check';
import { render } from '../src/cli/render';
import { clusters } from '../src/clusters';
import { homelab } from '../src/clusters/homelab';
import type { ClusterData } from '../src/core/cluster';
import type { FileSpec } from '../src/render/layout';
import { compareTrees } from '../src/render/tree';

const root = resolve(__dirname, '..');
const treeOf = (files: readonly FileSpec[]) => new Map(files.map(({ path, content }) => [path, content]));
const served: ClusterData = {
  ...homelab,
  models: { sentiment: { version: 'v1.0.0', digest: `sha256:${'a'.repeat(64)}` } },
};
const expected = render([served, ...clusters.slice(1)]).files;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the same sources give the same bytes', () => {
  test('twice', () => {
    expect(render([served, ...clusters.slice(1)]).files).toEqual(expected);
  });

  test('with clusters in another order', () => {
    expect(render([...clusters.slice(1), served]).files).toEqual(expected);
  });

  test('with components, and all constructs in them, in any other order', () => {
    const real = Object.getOwnPropertyDescriptor(Node.prototype, 'children')?.get;
    if (!real) throw new Error('constructs keeps its children elsewhere now');
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const shuffle = jest.spyOn(Node.prototype, 'children', 'get').mockImplementation(function (this: Node) {
          return shuffled(real.call(this), seed);
        });
        const { files } = render([served, ...clusters.slice(1)]);
        shuffle.mockRestore();
        expect(compareTrees(treeOf(files), expected)).toEqual({ added: [], changed: [], removed: [] });
      }),
      { numRuns: 5 },
    );
  });

  test('with connections declared in another order', () => {
    const { Connections } = jest.requireActual<typeof import('../src/core/connections')>('../src/core/connections');
    const real = Object.getOwnPropertyDescriptor(Connections.prototype, 'edges')?.get;
    if (!real) throw new Error('connections keeps its edges elsewhere now');
    jest.spyOn(Connections.prototype, 'edges', 'get').mockImplementation(function (this: object) {
      return [...real.call(this)].reverse();
    });
    const { files } = render([served, ...clusters.slice(1)]);
    expect(compareTrees(treeOf(files), expected)).toEqual({ added: [], changed: [], removed: [] });
  });

  test('with the settings of a cluster in another order', () => {
    const { files } = render([reversed(served), ...clusters.slice(1).map(reversed)]);
    expect(compareTrees(treeOf(files), expected)).toEqual({ added: [], changed: [], removed: [] });
  });

  test('in another time zone, language and folder', async () => {
    const script = `
      const { createHash } = require('node:crypto');
      const { render } = require(${JSON.stringify(join(root, 'src/cli/render'))});
      const { clusters } = require(${JSON.stringify(join(root, 'src/clusters'))});
      process.stdout.write(JSON.stringify({
        hash: createHash('sha256').update(JSON.stringify(render(clusters).files)).digest('hex'),
        number: (1.5).toLocaleString(),
        day: new Date(0).getDate(),
      }));`;
    const elsewhere = async (environment: NodeJS.ProcessEnv) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['-r', require.resolve('ts-node/register'), '-e', script],
        { cwd: tmpdir(), env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.json'), ...environment } },
      );
      return JSON.parse(stdout);
    };
    const turkish = await elsewhere({ TZ: 'America/Los_Angeles', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
    const english = await elsewhere({ TZ: 'Asia/Tokyo', LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' });
    // The surroundings did change what depends on them.
    expect([turkish.number, turkish.day, english.number, english.day]).toEqual(['1,5', 31, '1.5', 1]);
    const hash = createHash('sha256')
      .update(JSON.stringify(render(clusters).files))
      .digest('hex');
    expect([turkish.hash, english.hash]).toEqual([hash, hash]);
  }, 60_000);
});

describe('a change reaches the files of its component and what is derived from them, nothing else', () => {
  const changes = (data: ClusterData) => {
    const { added, changed, removed } = compareTrees(treeOf(expected), render([data, ...clusters.slice(1)]).files);
    return [...added.map((path) => `+${path}`), ...changed, ...removed.map((path) => `-${path}`)];
  };

  test('nothing', () => {
    expect(changes(served)).toEqual([]);
  });

  test('a setting of a workload', () => {
    const { autoscale } = served.inference;
    expect(
      changes({ ...served, inference: { ...served.inference, autoscale: { ...autoscale, cpuPercent: 50 } } }),
    ).toEqual(['homelab/inference/horizontalpodautoscaler-inference.yaml']);
  });

  test('a workload that goes: its own files and the policies of its peers', () => {
    const paths = changes({ ...served, models: {} });
    const elsewhere = paths.filter((path) => !path.replace(/^[+-]/, '').startsWith('homelab/inference/'));
    expect(elsewhere).toMatchSnapshot();
  });
});

/** Another order of the same items; the same one for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const key = (index: number) => createHash('sha256').update(`${seed}/${index}`).digest('hex');
  return items
    .map((item, index) => ({ item, key: key(index) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

/** The same settings, written the other way round; the order of lists is theirs. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, reversed(one)]);
  return Object.fromEntries(entries.reverse()) as T;
}
