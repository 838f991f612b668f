import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/temporary';
import { readExceptions } from './exceptions';

const root = resolve(__dirname, '..', '..');
const parent = temporaryFolder();

/** What the real programs print, cut down to what is read of it. */
const advisory = { url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc', title: 'Bad', severity: 'high' };
const found = {
  gitleaks: [
    { RuleID: 'private-key', File: 'key.pem', StartLine: 3, Description: 'A key', Commit: 'c0ffee'.repeat(7) },
  ],
  npm: { vulnerabilities: { left: { via: [advisory] }, uses: { via: ['left'] } } },
  'pip-audit': { dependencies: [{ name: 'numpy', version: '1.0', vulns: [{ id: 'PYSEC-1', fix_versions: ['1.1'] }] }] },
  trivy: {
    Results: [
      {
        Target: 'debian',
        Vulnerabilities: [
          { VulnerabilityID: 'CVE-1', PkgName: 'git', InstalledVersion: '1', FixedVersion: '2', Severity: 'HIGH' },
        ],
      },
      { Target: 'app' },
    ],
  },
};
const nothing = { gitleaks: [], npm: { vulnerabilities: {} }, 'pip-audit': { dependencies: [] }, trivy: {} };

/** Runs the scan in a repository of its own, with programs that print what they are told to. */
function scan(printed: Readonly<Record<string, unknown>>, rows: readonly string[], ...args: readonly string[]) {
  const folder = mkdtempSync(join(parent, 'scan-'));
  const programs = join(folder, 'programs');
  for (const name of ['docs', 'programs', 'image']) mkdirSync(join(folder, name));
  for (const [name, output] of Object.entries(printed)) {
    const text = typeof output === 'string' ? output : JSON.stringify(output);
    writeFileSync(join(programs, name), `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit 1\n`, { mode: 0o755 });
  }
  const header = ['| scanner | finding | where | until | reason |', '| --- | --- | --- | --- | --- |'];
  writeFileSync(join(folder, 'docs/security.md'), [...header, ...rows, ''].join('\n'));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'image/requirements.lock'), '');
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['add', '--all'], { cwd: folder });
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-r', require.resolve('ts-node/register'), join(__dirname, 'main.ts'), ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: [programs, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
        CLUSTER_HOME: folder,
        TS_NODE_PROJECT: join(root, 'tsconfig.json'),
        TS_NODE_TRANSPILE_ONLY: 'true',
      },
    },
  );
  return { status, stderr };
}

describe('the scan', () => {
  const all = ['secrets', 'npm', 'pip'];

  test('names every finding of every scanner and fails', () => {
    const { status, stderr } = scan(found, [], ...all);
    expect(status).toBe(1);
    expect(stderr).toContain('key.pem:3: A key (commit c0ffeec0ffee) [secrets private-key]');
    expect(stderr).toContain('package-lock.json: left: Bad (high) [npm GHSA-aaaa-bbbb-cccc]');
    expect(stderr).toContain('image/requirements.lock: numpy: 1.0 is vulnerable; mended in 1.1 [pip PYSEC-1]');
    const images = scan(found, [], 'images', '--', 'localhost/ui:e2e');
    expect(images.status).toBe(1);
    expect(images.stderr).toContain('localhost/ui:e2e: git: HIGH: 1 is vulnerable; mended in 2 [images CVE-1]');
  });

  test('passes when nothing is found', () => {
    expect(scan(nothing, [], ...all).status).toBe(0);
    expect(scan(nothing, [], 'images', '--', 'localhost/ui:e2e').status).toBe(0);
  });

  test('lets a finding pass that has a reason, until its last day', () => {
    const row = (until: string) => `| npm | GHSA-aaaa-bbbb-cccc | \`*: left\` | ${until} | not reached |`;
    expect(scan(found, [row('9999-12-31')], 'npm')).toMatchObject({ status: 0 });
    const expired = scan(found, [row('2020-01-31')], 'npm');
    expect(expired.status).toBe(1);
    expect(expired.stderr).toContain('the exception of npm GHSA-aaaa-bbbb-cccc has expired (got 2020-01-31)');
  });

  test('refuses an exception that nothing needs', () => {
    const row = '| npm | GHSA-aaaa-bbbb-cccc | `*` | 9999-12-31 | not reached |';
    expect(scan(nothing, [row], 'npm')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing needs this exception'),
    });
    expect(scan(nothing, [row], 'pip').status).toBe(0); // its scanner did not look
  });

  test('fails when a scanner is missing, fails or has nothing to look at', () => {
    expect(scan({}, [], 'secrets')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('gitleaks is not there'),
    });
    const refused = scan({ npm: { message: '405 Method Not Allowed' } }, [], 'npm');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('405 Method Not Allowed') });
    expect(scan({ trivy: 'no JSON' }, [], 'images', '--', 'x').status).toBe(1);
    expect(scan(nothing, [], 'images')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing to look'),
    });
  });

  test('says how it is used', () => {
    expect(scan(nothing, [])).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
    expect(scan(nothing, [], 'npn').status).toBe(2);
  });
});

test('a day that is none is an error', () => {
  const table = (until: string) => [
    '| scanner | finding | where | until | reason |',
    '| --- | --- | --- | --- | --- |',
    `| npm | x | * | ${until} | y |`,
  ];
  for (const until of ['soon', '2026-13-01', '31.12.2026']) {
    expect(() => readExceptions(table(until).join('\n'))).toThrow(/must be a day/);
  }
});

test('docs/security.md has a table that can be read', () => {
  expect(() => readExceptions(readFileSync(join(root, 'docs/security.md'), 'utf8'))).not.toThrow();
});
