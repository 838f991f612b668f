#!/usr/bin/env node
const { loadSources, root } = require('./bundle');

async function run(exact) {
  const { main } = await loadSources({ exact });
  await main();
}

/** One line for each source that cannot be loaded: which, what is wrong with it, and what to do. */
function sourceProblems(error) {
  const [place = 'src/'] = new RegExp(`(?<=${root}/)(?:src|imports)/[^):]+(?::\\d+)?`).exec(error?.stack) ?? [];
  const mistakes = error?.errors?.map(({ text, location: { file, line } }) => ({ text, place: `${file}:${line}` }));
  return (mistakes ?? [{ text: error?.message ?? error, place }]).map(
    ({ text, place }) => `error: ${place}: cannot be loaded (${text}); mend it and try again\n`,
  );
}

run(process.argv[2] === 'explain' || process.env.SOURCE_MAPS === '1')
  // What cannot be loaded has done nothing yet: it is met once more to learn the line of the source.
  .catch((error) => (error?.errors ? Promise.reject(error) : run(true)))
  .catch((error) => {
    process.stderr.write(sourceProblems(error).join(''));
    process.exitCode = 1;
  });
