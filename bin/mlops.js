#!/usr/bin/env node
// The sources are run as they are: ts-node strips their types with swc, and synth checks them beside its work.
process.env.TS_NODE_PROJECT ??= require('node:path').join(__dirname, '..', 'tsconfig.json');
require('ts-node/register');
require('../src/cli/main');
