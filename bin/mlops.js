#!/usr/bin/env node
const { sourceProblem } = require('./typescript');

try {
  require('../src/cli/main');
} catch (error) {
  // Loading runs nothing but data and declarations: what fails here is a source that somebody is editing.
  process.stderr.write(`error: ${sourceProblem(error)}\n`);
  process.exitCode = 1;
}
