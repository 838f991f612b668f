import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { dump } from 'js-yaml';
import type { Manifest } from '../../../src/argo-workflows/language';
import { findTool } from '../../support/tools';

/** The `argo` program. */
export const argo: string | undefined = findTool('argo');

/** A test that needs the program, skipped with the reason where there is none. */
export const testWithArgo = argo === undefined ? test.skip : test;
if (argo === undefined) process.stderr.write('skipped: argo lint (there is no program argo)\n');

/** What `argo lint --offline --strict` says about objects: nothing, or its complaint. */
export function lint(program: string, manifests: readonly Manifest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'argo-lint-'));
  try {
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, manifests.map((manifest) => dump({ ...manifest })).join('---\n'));
    const { status, stdout, stderr } = spawnSync(program, ['lint', '--offline', '--strict', file], {
      encoding: 'utf8',
    });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
