import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/temporary';

const root = resolve(__dirname, '..', '..');
const folder = temporaryFolder();
const program = join(root, 'bin', 'mlops.js');
const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' };

function workflow(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'workflow', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { code: status, stdout, stderr };
}

/** A workflow of two steps in a file; the second one is given. */
function file(name: string, second: string, more = ''): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    `apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: ${name}}
spec:
  entrypoint: main
  arguments: {parameters: [{name: word, value: hello}]}
  volumes: [{name: shelf, persistentVolumeClaim: {claimName: shelf}}]
  templates:
    - name: main
      steps:
        - - {name: first, template: first}
        - - {name: second, template: second}
      outputs: {parameters: [{name: said, valueFrom: {parameter: "{{steps.first.outputs.parameters.said}}"}}]}
    - name: first
      outputs: {parameters: [{name: said, valueFrom: {path: /results/said}}]}
      container:
        image: busybox
        command: [sh, -ec, 'echo "{{workflow.parameters.word}}" | tee /results/said > /shelf/said']
        volumeMounts: [{name: shelf, mountPath: /shelf}]
    - name: second
${second}
${more}
`,
  );
  return path;
}

const script = (text: string): string => `      container: {image: busybox, command: [sh, -ec, '${text}']}`;
const shelf = join(folder, 'shelf');
mkdirSync(shelf);

describe('npm run workflow', () => {
  test('runs a workflow of dist/ with mocks, and tells each step', () => {
    const { code, stdout, stderr } = workflow('train-new-model-version', '-p', 'subset=300', '--fail', 'train:0');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^ +0s {2}fetch {2}started$/m);
    expect(stderr).toMatch(/^ +1s {2}fetch {2}Succeeded in 1s$/m);
    expect(stderr).toMatch(/make\.candidates\.compact {2}Skipped: when 'false' evaluated false$/m);
    expect(stderr).toMatch(/^Succeeded in 8s\n {2}existing: /m);
  });

  test('exits with 1 when the run fails, and says what failed and what it printed', () => {
    const path = file('failing', script('echo to be seen; exit 3'));
    const run = join(folder, 'failing-run');
    const report = join(folder, 'reports', 'junit.xml');
    const options = [
      '--executor',
      'process',
      '--volume',
      `shelf=${shelf}`,
      '--folder',
      run,
      '--junit',
      report,
      '--json',
    ];
    const { code, stdout, stderr } = workflow(path, '-p', 'word=bye', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/✖ failing-[0-9a-f]{6}\[1\]\.second {2}Error \(exit code 3\)\n {2}│ to be seen\n/);
    expect(stderr).toMatch(/Failed in [\d.]+s: child 'failing-[0-9a-f]{6}\[1\]\.second' failed/);
    expect(readFileSync(join(shelf, 'said'), 'utf8')).toBe('bye\n');
    expect(readdirSync(join(run, 'logs'))).toHaveLength(2);
    const { phase, nodes } = JSON.parse(stdout);
    expect([phase, nodes[0].children[0].outputs.parameters]).toEqual(['Failed', { said: 'bye' }]);
    const junit = readFileSync(report, 'utf8');
    expect(junit).toMatch(/<testsuites name="failing-[0-9a-f]{6}" tests="2" failures="1" errors="0" skipped="0"/);
    expect(junit).toMatch(/<failure message="Error \(exit code 3\)"\/>\n +<system-out>to be seen\n<\/system-out>/);
  });

  test('fails and leaves out steps on request, and takes answers', () => {
    const asking = `      inputs: {parameters: [{name: ok, value: "no", enum: ["yes", "no"]}]}
      outputs: {parameters: [{name: ok, valueFrom: {supplied: {}}}, {name: by, valueFrom: {supplied: {}, default: nobody}}]}
      suspend: {}`;
    const path = file('asking', asking);
    const answered = workflow(path, '--answer', 'second=yes', '--answer', 'second.by=Ada', '--json');
    expect(answered.code).toBe(0);
    expect(JSON.parse(answered.stdout).nodes[0].children[1].outputs.parameters).toEqual({ ok: 'yes', by: 'Ada' });
    expect(workflow(path, '--skip', 'second').stderr).toContain('second  Skipped: left out on request');
    expect(workflow(path, '--skip', 'second', '--fail', 'first').code).toBe(1);
    const silent = workflow(path);
    expect([silent.code, silent.stderr.split('\n').at(-2)]).toEqual([
      1,
      `error: asking[1].second: "second" waits for a person, and has no answer; answer it: ok, by`,
    ]);
  });

  test('tells all mistakes of the command line at once, and exits with 1', () => {
    const { code, stderr } = workflow(file('fine', script('true')), '-p', 'word', '--fail', 'a:b', '--answer', 'x=y');
    expect([code, stderr]).toEqual([
      1,
      `error: --parameter: is no pair (got "word"); write -p subset=300
error: --answer: nobody asks there (got "x"); use one of: none
error: --fail: names no step and number of attempts (got "a:b"); write --fail train or --fail train:2
`,
    ]);
  });

  test.each([
    [['train-new-model-versio'], 'did you mean "train-new-model-version"?'],
    [['train-new-model-version', '--cluster', 'moon'], 'there is no such cluster (got "moon")'],
    [['train-new-model-version', '--skip', 'trian'], 'skip: nothing in the workflow is called "trian"'],
    [['train-new-model-version', '-p', 'sbuset=1'], 'the workflow has no parameter "sbuset"'],
    [['train-new-model-version', '--executor', 'process'], 'no folder stands for the claim'],
  ])('%j is invalid, in one line', (args, message) => {
    const { code, stderr } = workflow(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('exits with 2 for wrong usage', () => {
    expect(workflow('x', '--executor', 'magic').code).toBe(2);
    expect(workflow().code).toBe(2);
  });

  // Kubernetes makes one dollar sign of two in arguments.
  test('ends what it has started when it is interrupted, and says so', async () => {
    const pid = join(shelf, 'pid');
    const path = file(
      'endless',
      `      container:
        image: busybox
        command: [sh, -ec, 'trap "exit 0" TERM; echo $$$$ > /shelf/pid; echo up; while :; do sleep 0.05; done']
        volumeMounts: [{name: shelf, mountPath: /shelf}]`,
    );
    const options = ['--executor', 'process', '--volume', `shelf=${shelf}`, '--folder', join(folder, 'endless-run')];
    const child = spawn(process.execPath, [program, 'workflow', path, ...options], { cwd: folder, env });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (!text.includes('| up') && `${text}${chunk}`.includes('| up')) child.kill('SIGINT');
      text += chunk;
    });
    const code = await new Promise((end) => child.once('close', end));
    expect(code).toBe(130);
    expect(text).toContain('second  Failed in');
    expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow('ESRCH');
  }, 30_000);
});
