// Lets Node run the sources as they are, in one native call: to transpile, find and load them file by file, as ts-node
// does, takes longer than rendering. Types are checked beside synth.
const Module = require('node:module');
const { dirname, join } = require('node:path');

const root = join(__dirname, '..');
// The bundle stands where its first source does, so that folders are found from __dirname as they are from there.
const filename = join(root, 'src/cli/main.js');

/** Commands that bring half of all sources with them; no other asks for those. */
const heavy = ['start', 'workflow'];

/**
 * Loads src/cli/main.ts.
 *
 * @param exact whether stacks name lines of the sources; to map them takes longer than rendering
 * @throws what esbuild found, in `errors`, or what a source throws while it is loaded
 */
async function loadSources({ exact }) {
  const { build, stop } = require('esbuild');
  const building = build({
    entryPoints: ['src/cli/main.ts'],
    absWorkingDir: root,
    outfile: filename,
    write: false,
    bundle: true,
    packages: 'external',
    external: heavy.filter((command) => command !== process.argv[2]).map((command) => `./${command}`),
    platform: 'node',
    target: 'node20',
    sourcemap: exact && 'inline',
    logLevel: 'silent',
  });
  const [{ outputFiles }] = await Promise.all([building.finally(stop), loadPackages()]);
  process.setSourceMapsEnabled(exact);
  const main = Object.assign(new Module(filename), { filename, paths: Module._nodeModulePaths(dirname(filename)) });
  main._compile(outputFiles[0].text, filename);
  return main.exports;
}

/** While another process bundles, this one loads what takes longest of all that the bundle asks for. */
async function loadPackages() {
  for (const name of ['cdk8s-plus-27', 'zod']) require(name);
}

module.exports = { loadSources, root };
