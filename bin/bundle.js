// Lets Node run the sources as they are, in one native call: to transpile, find and load them file by file, as ts-node
// does, takes longer than rendering. Types are checked beside synth.
const { statSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { readCached, runCompiled, writeCached } = require('./cache');
const { bundledPackages } = require('./packages');

const root = join(__dirname, '..');
// The bundle stands where its first source does, so that folders are found from __dirname as they are from there.
const filename = join(root, 'src/cli/main.js');

/** Commands that bring half of all sources with them; no other asks for those. */
const heavy = ['start', 'workflow'];

/** What decides, beside the sources, what the bundle is. */
const settings = ['tsconfig.json', 'package.json', 'bin/bundle.js'];

/**
 * Loads src/cli/main.ts.
 *
 * @param exact whether stacks name lines of the sources; to map them takes longer than rendering
 * @throws what esbuild found, in `errors`, or what a source throws while it is loaded
 */
async function loadSources({ exact }) {
  if (exact) return loadExactly();
  const name = heavy.includes(process.argv[2]) ? `sources-${process.argv[2]}` : 'sources';
  const building = keptBundle(name) ?? bundle(name);
  const packages = bundledPackages();
  // While another process bundles, this one loads what takes longest of all that the bundle asks for.
  for (const id of ['cdk8s-plus-27', 'zod']) (packages[id] ?? (() => require(id)))();
  return runCompiled(name, await building, filename, packages);
}

async function loadExactly() {
  process.setSourceMapsEnabled(true);
  const main = Object.assign(new Module(filename), { filename, paths: Module._nodeModulePaths(dirname(filename)) });
  const { outputFiles } = await esbuild({ sourcemap: 'inline' });
  main._compile(outputFiles[0].text, filename);
  return main.exports;
}

/** The bundle of the last run, when nothing that it was made of has changed since. */
function keptBundle(name) {
  try {
    const { text, inputs } = JSON.parse(readCached(`${name}.json`));
    return inputs.every(([path, version]) => lastChange(path).version === version) ? text : undefined;
  } catch {
    return undefined;
  }
}

async function bundle(name) {
  const started = Date.now();
  const { outputFiles, metafile } = await esbuild({ metafile: true });
  const text = outputFiles[0].text;
  const files = [...Object.keys(metafile.inputs), ...settings].map((path) => ({ path, ...lastChange(path) }));
  // What was changed meanwhile may have been read before; the kernel's clock is up to 10 ms late.
  if (files.every(({ time }) => time < started - 10)) {
    writeCached(`${name}.json`, JSON.stringify({ inputs: files.map(({ path, version }) => [path, version]), text }));
  }
  return text;
}

/** When the file was changed: not the time that its author gave it, which "cp -p" and archives keep. */
function lastChange(path) {
  const file = statSync(join(root, path), { throwIfNoEntry: false });
  return { time: file?.ctimeMs, version: file && `${file.ctimeMs} ${file.size}` };
}

async function esbuild(options) {
  const { build, stop } = require('esbuild');
  return build({
    entryPoints: ['src/cli/main.ts'],
    absWorkingDir: root,
    outfile: filename,
    write: false,
    bundle: true,
    packages: 'external',
    external: heavy.filter((command) => command !== process.argv[2]).map((command) => `./${command}`),
    platform: 'node',
    target: 'node20',
    // In a script, Node's own import() is experimental; require() takes every package.
    supported: { 'dynamic-import': false },
    logLevel: 'silent',
    ...options,
  }).finally(stop);
}

module.exports = { loadSources, root };
