/** Writes a synthetic model of 2 ** 20 buckets. usage: write-model.mjs FOLDER */
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../docker/inference/package.json', import.meta.url));
const { syntheticModel, writeModel } = require('./build/tests/support/model-folder.js');
await writeModel(process.argv[2], syntheticModel('v1.0.0', 0, 20));
