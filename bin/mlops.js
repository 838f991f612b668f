#!/usr/bin/env node
require('./typescript');
require('../src/cli/main');
