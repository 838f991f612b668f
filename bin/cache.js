// Keeps what is made of the sources and packages in node_modules/.cache, for the next run. Nothing depends on it: what
// is missing, old or cannot be written is made again.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const cacheFolder = join(__dirname, '../node_modules/.cache/cdk8s-mlops');

/** The file's content; undefined when there is none. */
function readCached(name) {
  try {
    return readFileSync(join(cacheFolder, name));
  } catch {
    return undefined;
  }
}

/** Writes aside and renames: another process may read, and this one may be killed. */
function writeCached(name, content) {
  const file = join(cacheFolder, name);
  const next = `${file}.${process.pid}`;
  try {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(next, content);
    renameSync(next, file);
  } catch {
    // On a read-only file system nothing is kept.
  }
}

/**
 * Runs a module with the machine code that V8 made of it last time, and keeps what it makes this time. Node does so
 * by itself since 22.1 (`module.enableCompileCache`).
 *
 * @param name of what is kept of it
 * @param text the module's source
 * @param filename where the module is taken to stand
 * @param packages loads each package that is not to be found as usual
 */
function runCompiled(name, text, filename, packages = {}) {
  const hash = createHash('sha256').update(text).digest();
  const kept = readCached(`${name}.code`);
  // V8 itself compares no more than the length of the source.
  const cachedData = kept?.subarray(0, hash.length).equals(hash) ? kept.subarray(hash.length) : undefined;
  const script = new Script(Module.wrap(text), { filename, cachedData });
  if (!cachedData || script.cachedDataRejected) {
    // At the end, because functions are compiled when they are first called.
    process.once('exit', () => writeCached(`${name}.code`, Buffer.concat([hash, script.createCachedData()])));
  }
  const exports = {};
  const module = { exports };
  const others = Module.createRequire(filename);
  const require = Object.assign((id) => packages[id]?.() ?? others(id), others);
  script.runInThisContext().call(exports, exports, require, module, filename, dirname(filename));
  return module.exports;
}

module.exports = { cacheFolder, readCached, runCompiled, writeCached };
