// Packages in one file, made of them once, after each "npm ci": to find and read their 250 files takes longer than
// rendering. Where that file is missing or older than what is installed, they are loaded as usual.
const { statSync } = require('node:fs');
const { join } = require('node:path');
const { cacheFolder, readCached, runCompiled, writeCached } = require('./cache');

const root = join(__dirname, '..');
const file = join(cacheFolder, 'packages.js');

/** What cannot be in one file: native programs, and what only they or other commands load. */
const apart = [
  '@kubernetes/client-node',
  '@swc/core',
  'esbuild',
  'fs-native-extensions',
  'ts-node',
  'typescript',
  'typescript-native',
];

/** Each package by its name, as a function that loads it; none where there is no such file. */
function bundledPackages() {
  const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  // npm writes its own lock file at the end of every installation.
  if (!(changed(file) >= changed(join(root, 'node_modules/.package-lock.json')))) return {};
  return runCompiled('packages', readCached('packages.js').toString(), file);
}

/** Makes the file anew of the dependencies that package.json names. */
function bundlePackages() {
  const { dependencies } = require('../package.json');
  const names = Object.keys(dependencies).filter((dependency) => !apart.includes(dependency));
  const { outputFiles } = require('esbuild').buildSync({
    stdin: {
      contents: names.map((dependency) => `exports['${dependency}'] = () => require('${dependency}');`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
  });
  writeCached('packages.js', outputFiles[0].text);
}

if (require.main === module) bundlePackages();

module.exports = { bundledPackages };
