import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '.';
import type { Check, Severity } from './check';
import { schemaCheck } from './schema';
import { loadSchemas } from './schemas/load';

const root = join(__dirname, '..', '..');

/** Where the list of checks is written, below the root of the project. */
export const CHECKS_PAGE = join('docs', 'checks.md');

/** The page that lists every check: id, severity and why. */
export function checksPage(
  all: readonly Check[] = [schemaCheck(loadSchemas(join(root, 'schemas'))), ...checks],
): string {
  const entries = (severity: Severity) =>
    all
      .filter((check) => check.severity === severity)
      .map(({ id, why }) => `- \`${id}\`: ${sentence(why)}`)
      .join('\n');
  return `<!-- Generated from src/checks; run "npm run docs". -->

# Checks

Every synth runs these checks over all objects of a cluster before anything is written, and reports all that they find.
Each has a good and a bad example under \`test/checks/fixtures/<check>/\`.

A construct that must be otherwise says so where it is made, and synth lists it with its reason:

\`\`\`ts
import { allow } from '../core/exceptions';

allow(workload, 'container-probes', 'serves no requests: it only watches a folder');
\`\`\`

## Errors

They stop synth and leave \`dist/\` as it was.

${entries('error')}

## Warnings

They are listed.

${entries('warning')}
`;
}

function sentence(why: string): string {
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}${why.endsWith('.') ? '' : '.'}`;
}

if (require.main === module) writeFileSync(join(root, CHECKS_PAGE), checksPage());
