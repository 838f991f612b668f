import { join } from 'node:path';
import { loadSchemas } from '../../../src/checks/schemas/load';

/** The schemas that every synth uses. */
export const platformSchemas = loadSchemas(join(__dirname, '..', '..', '..', 'schemas'));
