#!/usr/bin/env node
const { loadSources, root } = require('./bundle');

async function run(exact) {
  const { main } = await loadSources({ exact });
  await main();
}

/** One line for each source that cannot be loaded: which, what is wrong with it, and what to do. */
function sourceProblems(error) {
  const found = error?.errors?.map(({ text, location }) => [text, location && `${location.file}:${location.line}`]);
  const [place] = new RegExp(`(?<=${root}/)(?:src|imports)/[^):]+(?::\\d+)?`).exec(error?.stack) ?? [];
  const fix = error?.code === 'MODULE_NOT_FOUND' ? 'run "npm ci"' : 'mend it and try again';
  return (found ?? [[String(error?.message ?? error), place]]).map(
    ([text, where]) => `error: ${where ?? 'src/'}: cannot be loaded (${text.split('\n')[0]}); ${fix}\n`,
  );
}

run(process.argv[2] === 'explain' || process.env.SOURCE_MAPS === '1')
  // What cannot be loaded has done nothing yet: it is met once more to learn the line of the source.
  .catch((error) => (error?.errors ? Promise.reject(error) : run(true)))
  .catch((error) => {
    process.stderr.write(sourceProblems(error).join(''));
    process.exitCode = 1;
  });
