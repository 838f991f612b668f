// Lets Node run the sources as they are. ts-node, which cdk8s.yaml names, does the same and loads the TypeScript
// compiler for it, which takes longer than rendering; types are checked beside synth.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

// Maps from lines that run to lines of the sources take a tenth of synth's time, and only these want them.
const exact = process.argv[2] === 'explain' || process.env.SOURCE_MAPS === '1';
process.setSourceMapsEnabled(exact);

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: exact ? 'inline' : false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    swcrc: false,
  });
  module._compile(code, filename);
};
