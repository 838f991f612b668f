// Lets Node run the sources as they are. ts-node, which cdk8s.yaml names, does the same and loads the TypeScript
// compiler for it, which takes longer than rendering; types are checked beside synth.
const { readFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { transformSync } = require('@swc/core');

// Maps from lines that run to lines of the sources take a tenth of synth's time, and only these want them.
const exact = process.argv[2] === 'explain' || process.env.SOURCE_MAPS === '1';
process.setSourceMapsEnabled(exact);

const options = {
  sourceMaps: exact ? 'inline' : false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  swcrc: false,
};

require.extensions['.ts'] = (module, filename) => {
  let output;
  try {
    output = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
  } catch (error) {
    throw Object.assign(new SyntaxError(String(error.message)), { file: filename, isSource: true });
  }
  module._compile(output.code, filename);
};

/** One line for a source that cannot be loaded: which, what is wrong with it, and what to do. */
function sourceProblem(error) {
  const root = join(__dirname, '..');
  const stack = String(error?.stack ?? error);
  const place = error?.file ?? new RegExp(`${root}/((?:src|imports)/[^):]+(?::\\d+)?)`).exec(stack)?.[0] ?? 'src/';
  const where = place.startsWith(root) ? relative(root, place) : place;
  const [first = ''] = String(error?.message ?? error)
    .replaceAll(`${root}/`, '')
    .replace(/^\s*[x×]\s*/, '')
    .split('\n');
  const line = error?.isSource ? /:(\d+):\d+\]/.exec(error.message)?.[1] : undefined;
  return `${where}${line ? `:${line}` : ''}: cannot be loaded (${first.trim()}); mend it and try again`;
}

module.exports = { sourceProblem };
