import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = resolve(__dirname, '..');
const source = join(root, 'src');

/**
 * What each folder of `src/` may import besides itself; types count like values, because whoever reads a file has to
 * know what they stand for. A file named here differs from its folder.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'argo-workflows': [],
  // The data of a model that clusters share.
  models: ['core'],
  clusters: ['core', 'models'],
  constructs: ['core', 'imports'],
  pipelines: ['core', 'constructs', 'argo-workflows'],
  // The catalogue of metrics lies with the server that exports them.
  monitoring: ['core', 'constructs'],
  promotion: ['core'],
  load: [],
  // The loop on one machine: it runs what is rendered, and knows no construct.
  local: ['core', 'argo-workflows', 'promotion', 'render'],
  platform: ['core', 'constructs', 'pipelines', 'monitoring', 'argo-workflows', 'clusters', 'imports'],
  // Objects only. What a problem and a cluster's data are, both must know.
  render: ['core'],
  checks: ['core', 'render'],
  verify: ['core', 'render', 'checks'],
  testing: ['core', 'render', 'checks', 'argo-workflows'],
  cli: [
    'core',
    'constructs',
    'pipelines',
    'monitoring',
    'platform',
    'clusters',
    'render',
    'checks',
    'verify',
    'argo-workflows',
    'promotion',
    'load',
    'local',
  ],
  'main.ts': ['cli'],
  // Rendered files go with the objects that a platform holds: bootstrap/ is made of both.
  'platform/bootstrap.ts': ['core', 'constructs', 'platform', 'render'],
  // An image must be complete in itself, so the one catalogue of metrics lives in the program that exports them.
  'monitoring/metrics.ts': ['docker'],
};

/** What checks may know of `core/`: data and words, no construct. */
const constructsOfCore = ['core/component', 'core/existing', 'core/kubernetes-object', 'core/exceptions'];
/** The one file in which objects are read off constructs. */
const readsConstructs = 'render/walk.ts';

/** Longer than 250 lines, with the reason. */
const longFiles: Readonly<Record<string, string>> = {
  'argo-workflows/expressions/builtins.ts': 'a table of functions, a few lines each',
  'argo-workflows/expressions/parser.ts': 'one grammar: its functions call each other',
  'argo-workflows/expressions/sprig.ts': 'a table of functions, a few lines each',
  'argo-workflows/lint/rules/artifacts.ts': 'a family of small rules on one kind of field',
  'argo-workflows/run/run-workflow.ts': 'one loop: what it calls lies in files of its own',
};

interface Import {
  readonly file: string;
  /** Path from `src/`, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sourceFiles(join(folder, entry.name));
    return entry.name.endsWith('.ts') ? [relative(source, join(folder, entry.name))] : [];
  });
}

const files = sourceFiles(source).map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));

const imports = (one: { readonly file: string; readonly text: string }): Import[] =>
  // Examples in texts import nothing.
  [
    ...one.text
      .replace(/`(?:[^`\\]|\\.)*`/g, '``')
      .matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\b(?:import|require)\('([^']+)'\)/gm),
  ].map(([, from, call]) => {
    const specifier = from ?? call ?? '';
    if (!specifier.startsWith('.')) return { file: one.file, target: specifier, isPackage: true };
    const target = relative(source, join(source, dirname(one.file), specifier));
    return { file: one.file, target, isPackage: false };
  });

const all = files.flatMap(imports);
const topOf = (path: string) => path.replace(/^\.\.\//, '').split('/')[0] ?? '';

function forbidden(some: readonly Import[]): string[] {
  return some
    .filter(({ isPackage }) => !isPackage)
    .filter(({ file, target }) => {
      const allowed = mayImport[file] ?? mayImport[topOf(file)] ?? [];
      return topOf(target) !== topOf(file) && !allowed.includes(topOf(target));
    })
    .map(({ file, target }) => `${file} imports ${target}`);
}

describe('imports point downward', () => {
  test('in every file', () => {
    expect(forbidden(all)).toEqual([]);
  });

  test('every folder has its place', () => {
    expect(files.map(({ file }) => topOf(file)).filter((folder) => !(folder in mayImport))).toEqual([]);
  });

  test('one that points upward is found, be it of types only', () => {
    const text = "import type { Component } from '../platform';\nexport { run } from '../cli/main';\n";
    expect(forbidden(imports({ file: 'core/a.ts', text }))).toEqual([
      'core/a.ts imports platform',
      'core/a.ts imports cli/main',
    ]);
  });

  test('argo-workflows imports nothing of this platform', () => {
    const own = all.filter(({ file }) => topOf(file) === 'argo-workflows');
    expect(
      own.filter(({ isPackage }) => !isPackage).filter(({ target }) => topOf(target) !== 'argo-workflows'),
    ).toEqual([]);
  });

  test('render and checks see only objects', () => {
    const seeing = all.filter(({ file }) => ['render', 'checks'].includes(topOf(file)) && file !== readsConstructs);
    const known = (target: string) => ['cdk8s', 'constructs', ...constructsOfCore].includes(target);
    expect(seeing.filter(({ target }) => known(target))).toEqual([]);
    expect(all.filter(({ file }) => file === readsConstructs).some(({ target }) => known(target))).toBe(true);
  });
});

describe('what synth loads', () => {
  test('takes the client of Kubernetes for its types only: it would cost a third of a second', () => {
    const loading = files.filter(({ text }) => /^import (?!type)[^;]*'@kubernetes\/client-node'/m.test(text));
    expect(loading.map(({ file }) => file)).toEqual([]);
  });
});

describe('files', () => {
  test('have at most 250 lines', () => {
    const long = files.filter(({ file, text }) => text.split('\n').length > 251 && !(file in longFiles));
    expect(long.map(({ file }) => file)).toEqual([]);
  });

  test('export names', () => {
    expect(files.filter(({ text }) => /^export default/m.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
