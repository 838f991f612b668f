import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { formatReport, hasErrors, lintFolder } from '../../../src/argo-workflows/lint/command';

const ROOT = join(__dirname, '../../..');
const GOOD = join(__dirname, 'fixtures/dependency/good.yaml');
const BAD = join(__dirname, 'fixtures/dependency/bad.yaml');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};

const TEMPLATE = `apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: library
spec:
  entrypoint: work
  templates:
    - name: work
      inputs:
        parameters:
          - name: message
      container:
        image: busybox:1.37
        command: [echo, "{{inputs.parameters.message}}"]
`;
const USER = `apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata:
  name: nightly
spec:
  schedules: ["0 3 * * *"]
  workflowSpec:
    entrypoint: main
    templates:
      - name: main
        steps:
          - - name: first
              templateRef:
                name: library
                template: work
`;

describe('linting a folder', () => {
  test('follows references from one file to another', () => {
    write('user.yaml', USER);
    expect(lintFolder(folder).findings.map((finding) => finding.rule)).toEqual(['foreign-template']);
    write('deep/library.yml', TEMPLATE);
    const { findings, checked, files } = lintFolder(folder);
    expect(findings.map((finding) => finding.what)).toEqual([
      '"work" needs the parameter "message", which is not given',
    ]);
    expect([checked, files]).toEqual([2, 2]);
  });

  test('passes over objects of other projects', () => {
    write('other.yaml', 'apiVersion: example.com/v1\nkind: Workflow\nspec: {}\n');
    write('library.yaml', TEMPLATE);
    expect(lintFolder(folder)).toMatchObject({ findings: [], checked: 1, inputProblems: [] });
  });

  test('reports a broken file with its place, and still lints the others', () => {
    const broken = write('a.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: name: x\n');
    write('b.yaml', USER);
    const report = lintFolder(folder);
    expect(report.inputProblems).toEqual([
      {
        where: `${broken}:3:15`,
        what: 'not valid YAML: bad indentation of a mapping entry',
        fix: 'correct the syntax',
      },
    ]);
    expect(report.checked).toBe(1);
    expect(hasErrors(report)).toBe(true);
  });

  test('says so when there is nothing to look at', () => {
    expect(lintFolder(join(folder, 'nothing')).inputProblems[0]?.what).toBe('no such file or folder');
    expect(lintFolder(folder).inputProblems[0]?.what).toBe('no YAML or JSON file here');
    write('a.yaml', 'kind: Service\n');
    expect(lintFolder(folder).inputProblems[0]?.what).toBe('no workflow in this file');
  });

  test('reads the same in any order of time and place', () => {
    write('user.yaml', USER);
    write('library.yaml', TEMPLATE);
    expect(lintFolder(folder)).toEqual(lintFolder(folder));
  });
});

describe('the report for people', () => {
  test('has where, what, the value and the fix in one line, and why it matters', () => {
    expect(formatReport(lintFolder(BAD)).replaceAll(`${ROOT}/`, '')).toBe(
      [
        'error: test/argo-workflows/lint/fixtures/dependency/bad.yaml:15: Workflow/fixture- ' +
          'spec.templates[main].dag.tasks[second].depends: no task of that name in the DAG (got "frist"); ' +
          'did you mean "first"? [dependency]',
        '',
        'Why:',
        '  dependency: The controller refuses dependencies and targets that do not exist, tasks that wait for each ' +
          'other, and results of loops asked of a task that is none.',
        '',
        '1 workflow object in 1 file: 1 error',
      ].join('\n'),
    );
  });

  test('is short when all is well', () => {
    expect(formatReport(lintFolder(GOOD))).toBe('1 workflow object in 1 file: no problems');
  });

  test('has colours only when asked', () => {
    expect(formatReport(lintFolder(BAD), true)).toContain('\u001b[31merror\u001b[39m');
    expect(formatReport(lintFolder(BAD))).not.toContain('\u001b');
  });
});

describe('the program', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['-r', 'ts-node/register', 'src/cli/lint-workflows.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });

  test('writes text for people to stderr, and ends with 0 when there are only warnings', () => {
    const { status, stdout, stderr } = run(join(__dirname, 'fixtures/command/bad.yaml'));
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain('warning: ');
  });

  test('makes errors of warnings when strict, which end with 1, and writes JSON to stdout', () => {
    const { status, stdout, stderr } = run(join(__dirname, 'fixtures/command/bad.yaml'), '--strict', '--json');
    expect([status, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ rule: 'command', severity: 'error' }], checked: 1 });
  });

  test('ends with 2 and its usage when it is called in a wrong way', () => {
    const { status, stderr } = run('--unknown');
    expect(status).toBe(2);
    expect(stderr).toContain('Usage: lint:workflows [options] <path>');
  });
});
