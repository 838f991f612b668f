import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownPath, pathMap } from '../../../../src/argo-workflows/run/process/paths';

const root = '/tmp/runs/r1/steps/fit/root';
const map = pathMap(
  [
    { container: '/work', host: '/srv/training/runs/u1' },
    { container: '/work/cache', host: '/srv/cache' },
    { container: '/tmp', host: `${root}/tmp` },
    { container: '/etc/ssh/ssh_known_hosts', host: '/srv/secret/known_hosts' },
  ],
  root,
  ['/tmp/runs/r1', '/srv/training/runs/u1'],
);

describe('paths of the container become those of this machine', () => {
  test.each([
    ['/work', '/srv/training/runs/u1'],
    ['/work/data', '/srv/training/runs/u1/data'],
    ['/work/cache/x', '/srv/cache/x'],
    ['--output=/work/model', '--output=/srv/training/runs/u1/model'],
    ['-I/work/include', '-I/srv/training/runs/u1/include'],
    ['data=/work/a,/work/b', 'data=/srv/training/runs/u1/a,/srv/training/runs/u1/b'],
    ['/usr/bin:/work/bin', '/usr/bin:/srv/training/runs/u1/bin'],
    ['file:///work/repository', 'file:///srv/training/runs/u1/repository'],
    ['cat </work/a >/tmp/b', `cat </srv/training/runs/u1/a >${root}/tmp/b`],
    ['open("/work/a")', 'open("/srv/training/runs/u1/a")'],
    ["f'/work/{name}'", "f'/srv/training/runs/u1/{name}'"],
    ['/etc/ssh/ssh_known_hosts', '/srv/secret/known_hosts'],
  ])('%s', (text, expected) => {
    expect(map.toHost(text)).toBe(expected);
    expect(map.toContainer(expected)).toBe(text);
  });

  test.each([
    '/working',
    '/work-2/a',
    '/work.txt',
    'data/work/a',
    './work/a',
    '../work',
    '~/work',
    'https://example.com/work/a',
    'git@example.com:/work/a.git',
    'ssh://git@example.com/work',
    '$HOME/work',
    '"$HOME"/work',
    '$(pwd)/work',
    '/usr/work',
    '/tmp/runs/r1/logs/x',
    '/srv/training/runs/u1/data',
  ])('but not within something else: %s', (text) => {
    expect(map.toHost(text)).toBe(text);
  });

  test('there and back again', () => {
    const piece = fc.constantFrom(
      '/work',
      '/work/cache/a',
      '/tmp/x',
      ' ',
      '=',
      ',',
      'word',
      '"',
      '/usr',
      'a.b',
      '(',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(map.toContainer(map.toHost(text))).toBe(text);
        expect(map.toHost(map.toHost(text))).toBe(map.toHost(text));
      }),
    );
  });

  test('one path always has a place', () => {
    expect(['/work/x', '/other/y', '/work', '/'].map(map.hostPath)).toEqual([
      '/srv/training/runs/u1/x',
      `${root}/other/y`,
      '/srv/training/runs/u1',
      `${root}/`,
    ]);
    expect(map.toContainer(`at ${root}`)).toBe('at /');
  });
});

test('a declared path owns its outermost folder, but never one of the system', () => {
  expect(['/results/a/b', '/results', '/etc/app/config', '/home/me/x'].map(ownPath)).toEqual([
    '/results',
    '/results',
    '/etc/app/config',
    '/home/me/x',
  ]);
});
