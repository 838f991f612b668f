import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { followBranch } from '../../src/local/follow';
import { placesIn } from '../../src/local/places';
import { makeHome } from '../../src/local/programs';
import { folderDigest } from '../../src/local/served';
import { temporaryFolder } from '../support/temporary';

const folder = temporaryFolder();
let places = placesIn(folder);
let loops = 0;

beforeEach(() => {
  places = placesIn(join(folder, `checkout-${loops++}`));
  mkdirSync(places.logs, { recursive: true });
  makeHome(places);
  git('init', '--quiet', '--bare', '--initial-branch=main', places.platformRepository);
});

function git(...args: readonly string[]): string {
  const who = ['AUTHOR', 'COMMITTER'].flatMap((one) => [
    [`GIT_${one}_NAME`, 'A'],
    [`GIT_${one}_EMAIL`, 'a@example.com'],
  ]);
  return execFileSync('git', args, { encoding: 'utf8', env: { ...process.env, ...Object.fromEntries(who) } }).trim();
}

/** Commits a rendered workload that serves a version, as a promotion does. */
function pin(version: string, digest: string, kind = 'deployment'): void {
  const tree = join(folder, 'tree');
  rmSync(tree, { recursive: true, force: true });
  const inference = join(tree, 'dist', 'laptop', 'inference');
  mkdirSync(inference, { recursive: true });
  const workload = {
    spec: {
      template: {
        metadata: { annotations: { 'mlops/model': `sentiment@${version}` } },
        spec: {
          containers: [
            {
              env: [
                { name: 'MODEL_DIRECTORY', value: `/models/sentiment/${version}` },
                { name: 'MODEL_DIGEST', value: digest },
              ],
              volumeMounts: [{ name: 'models', mountPath: '/models' }],
            },
          ],
          volumes: [{ name: 'models', persistentVolumeClaim: { claimName: 'models' } }],
        },
      },
    },
  };
  writeFileSync(join(inference, `${kind}-inference.yaml`), `# Generated\n---\n${dump(workload)}`);
  const at = ['--git-dir', places.platformRepository, '--work-tree', tree];
  git(...at, 'add', '--all');
  git(...at, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', version);
}

/** Writes a version's folder and gives its digest. */
function version(name: string): string {
  const target = join(places.volume('models'), 'sentiment', name);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'model.json'), name);
  writeFileSync(join(target, 'weights.f32'), 'weights');
  return folderDigest(target) ?? '';
}

/** Follows the branch until as many things have happened. */
async function follow(work: (happened: readonly string[], until: (count: number) => Promise<void>) => Promise<void>) {
  const stopping = new AbortController();
  const happened: string[] = [];
  const following = followBranch(
    places,
    {
      served: ({ version: one }) => happened.push(`serves ${one}`),
      failed: ({ version: one }, { message }) => happened.push(`refuses ${one}: ${message}`),
    },
    stopping.signal,
  );
  try {
    await work(happened, async (count) => {
      while (happened.length < count) await sleep(5);
    });
  } finally {
    stopping.abort();
    await following;
  }
}

const served = () => readFileSync(join(places.served, 'model.json'), 'utf8');

describe('the followed branch', () => {
  test('decides what is served, forward and back', async () => {
    await follow(async (happened, until) => {
      pin('v0.1.0', version('v0.1.0'));
      await until(1);
      expect(served()).toBe('v0.1.0');
      pin('v0.2.0', version('v0.2.0'), 'rollout');
      await until(2);
      expect(served()).toBe('v0.2.0');
      pin('v0.1.0', version('v0.1.0'));
      await until(3);
      expect(served()).toBe('v0.1.0');
      expect(happened).toEqual(['serves v0.1.0', 'serves v0.2.0', 'serves v0.1.0']);
    });
  });

  test('is served from the beginning of the next start', async () => {
    pin('v0.1.0', version('v0.1.0'));
    await follow((_, until) => until(1));
    await follow(async (happened, until) => {
      await until(1);
      expect(happened).toEqual(['serves v0.1.0']);
    });
  });

  test('never makes it serve a folder that is not what the pin says', async () => {
    await follow(async (happened, until) => {
      pin('v0.1.0', version('v0.1.0'));
      await until(1);
      version('v0.2.0');
      pin('v0.2.0', `sha256:${'b'.repeat(64)}`);
      await until(2);
      expect(happened[1]).toMatch(/^refuses v0\.2\.0: .*is another version than the pinned sha256:b+ \(got "sha256:/);
      expect(served()).toBe('v0.1.0');
    });
  });

  test('makes it fetch a version that is not there, and says when it cannot', async () => {
    await follow(async (happened, until) => {
      pin('v0.3.0', `sha256:${'c'.repeat(64)}`);
      await until(1);
      expect(happened[0]).toMatch(/^refuses v0\.3\.0: sentiment@v0\.3\.0: failed: /);
    });
  });
});

describe('the digest of a version', () => {
  test('is what the model contract says', () => {
    const target = join(folder, 'contract');
    mkdirSync(target);
    writeFileSync(join(target, 'weights.f32'), 'w');
    writeFileSync(join(target, 'model.json'), 'm');
    const sums = execFileSync('sh', ['-c', 'sha256sum model.json weights.f32 | sha256sum'], { cwd: target });
    expect(folderDigest(target)).toBe(`sha256:${sums.toString().split(' ')[0]}`);
    expect(folderDigest(join(folder, 'absent'))).toBeUndefined();
  });
});
