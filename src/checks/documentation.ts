import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '.';
import type { Check } from './check';
import { schemaCheck } from './schema';
import { loadSchemas } from './schemas/load';

const root = join(__dirname, '..', '..');

/** Where the list of checks is written, below the root of the project. */
export const CHECKS_PAGE = join('docs', 'checks.md');

/** The page that lists every check: id, severity and why. */
export function checksPage(all: readonly Check[] = [schemaCheck(loadSchemas(join(root, 'schemas'))), ...checks]): string {
  const rows = all.map(({ id, severity, why }) => `| \`${id}\` | ${severity} | ${sentence(why)} |`);
  return `<!-- Generated from src/checks; run "npm run docs". -->

# Checks

Every synth runs these checks over all objects of a cluster before anything is written, and reports all that they find.
An error stops synth and leaves \`dist/\` as it was; a warning is listed.

A construct that must be otherwise says so where it is made, and synth lists it with its reason:

\`\`\`ts
import { allow } from '../core/exceptions';

allow(workload, 'container-probes', 'serves no requests: it only watches a folder');
\`\`\`

| check | severity | why |
|---|---|---|
${rows.join('\n')}

Each has a good and a bad example under \`test/checks/fixtures/<check>/\`.
`;
}

/** Pipes would end a cell of the table. */
function sentence(why: string): string {
  const text = why.charAt(0).toUpperCase() + why.slice(1);
  return `${text}${text.endsWith('.') ? '' : '.'}`.replaceAll('|', '\\|');
}

if (require.main === module) writeFileSync(join(root, CHECKS_PAGE), checksPage());
