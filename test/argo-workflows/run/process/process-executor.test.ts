import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type ProcessOptions, processExecutor } from '../../../../src/argo-workflows/run/process/process-executor';
import { runWorkflow } from '../../../../src/argo-workflows/run/run-workflow';
import { temporaryFolder } from '../../../support/temporary';
import { workflow } from '../workflows';

const base = temporaryFolder();
let runs = 0;

function prepare(more: Partial<ProcessOptions> = {}): ProcessOptions {
  const folder = join(base, `run-${runs++}`);
  mkdirSync(join(folder, 'shared'), { recursive: true });
  return { folder, volumes: { shared: join(folder, 'shared') }, ...more };
}

const CLAIM = 'volumes: [{name: shared, persistentVolumeClaim: {claimName: shared}}]';

/** The container of a template that runs a script with `sh`. */
const sh = (script: string, more = ''): string =>
  `container: {image: busybox, command: [sh, -ec], args: ['${script.replaceAll("'", "''")}']${more}}`;

const ONE_MAIN = (rest: string): object => workflow(`\n- name: main\n${rest}\n`, CLAIM);

describe('a workflow with real processes', () => {
  test('passes values and files through a shared volume, with the paths of the container', async () => {
    const options = prepare();
    const mounts = ', volumeMounts: [{name: shared, mountPath: /shelf, subPath: "runs/{{workflow.uid}}"}]';
    const result = await runWorkflow(
      workflow(
        `
- name: main
  dag:
    tasks:
      - {name: write, template: write}
      - name: read
        template: read
        depends: write
        arguments: {parameters: [{name: file, value: "{{tasks.write.outputs.parameters.file}}"}]}
- name: write
  outputs: {parameters: [{name: file, valueFrom: {path: /results/file}}]}
  ${sh('echo hello > /shelf/greeting; echo /shelf/greeting > /results/file', mounts)}
- name: read
  inputs: {parameters: [{name: file}]}
  outputs: {parameters: [{name: text, valueFrom: {path: /tmp/text}}]}
  ${sh('cp {{inputs.parameters.file}} /tmp/text; echo copied', mounts)}
`,
        CLAIM,
      ),
      { executor: processExecutor(options), uid: 'u1' },
    );
    expect(result.phase).toBe('Succeeded');
    expect(result.node('read').inputs).toEqual({ file: '/shelf/greeting' });
    expect(result.node('read').outputs).toMatchObject({ parameters: { text: 'hello' }, result: 'copied' });
    expect(readFileSync(join(options.folder, 'shared/runs/u1/greeting'), 'utf8')).toBe('hello\n');
    expect(existsSync('/shelf') || existsSync('/results')).toBe(false);
    expect(readdirSync(join(options.folder, 'logs')).sort()).toEqual(['run.read.log', 'run.write.log']);
  });

  test('works in folders whose names no script could write without quotes, and for loops over any text', async () => {
    const folder = join(base, `a (strange) folder's name`);
    mkdirSync(join(folder, 'shared'), { recursive: true });
    const result = await runWorkflow(
      workflow(
        `
- name: main
  steps: [[{name: each, template: one, withItems: ["a b", "c;d", "(e)"]}]]
- name: one
  outputs: {parameters: [{name: text, valueFrom: {path: /tmp/text}}]}
  ${sh('echo x > /tmp/text; cp /tmp/text /shelf/text', ', volumeMounts: [{name: shared, mountPath: /shelf}]')}
`,
        CLAIM,
      ),
      { executor: processExecutor({ folder, volumes: { shared: join(folder, 'shared') } }) },
    );
    expect(result.nodes.filter(({ kind }) => kind === 'Pod').map(({ outputs }) => outputs.parameters.text)).toEqual([
      'x',
      'x',
      'x',
    ]);
    expect(readFileSync(join(folder, 'shared', 'text'), 'utf8')).toBe('x\n');
  });

  test('really runs side by side what may: each waits for the other', async () => {
    const options = prepare();
    const meet = (own: string, other: string): string =>
      sh(
        `touch /shelf/${own}; until [ -e /shelf/${other} ]; do sleep 0.01; done`,
        ', volumeMounts: [{name: shared, mountPath: /shelf}]',
      );
    const result = await runWorkflow(
      workflow(
        `
- name: main
  dag: {tasks: [{name: a, template: a}, {name: b, template: b}]}
- name: a
  activeDeadlineSeconds: 30
  ${meet('a', 'b')}
- name: b
  activeDeadlineSeconds: 30
  ${meet('b', 'a')}
`,
        CLAIM,
      ),
      { executor: processExecutor(options) },
    );
    expect(result.phase).toBe('Succeeded');
  });

  test('hands artifacts on, as files and as folders', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: make, template: folder}
    - - name: use
        template: read
        arguments: {artifacts: [{name: folder, from: "{{steps.make.outputs.artifacts.folder}}"}, {name: raw, raw: {data: raw text}}]}
- name: folder
  outputs: {artifacts: [{name: folder, path: /out/folder}, {name: absent, path: /out/absent, optional: true}]}
  ${sh('mkdir /out/folder; echo inside > /out/folder/file')}
- name: read
  inputs: {artifacts: [{name: folder, path: /in}, {name: raw, path: /raw.txt}]}
  ${sh('cat /in/file "{{inputs.artifacts.raw.path}}"')}
`),
      { executor: processExecutor(prepare()) },
    );
    expect(result.node('use').outputs.result).toBe('inside\nraw text');
  });

  test('sees its Secrets, ConfigMaps and environment, and nothing of the environment of this process', async () => {
    const options = prepare();
    const secret = join(options.folder, 'secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'password'), 'hidden');
    process.env.RUNNER_TEST_LEAK = 'leaked';
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { mode: 'fast' } };
    const result = await runWorkflow(
      ONE_MAIN(`
  volumes: [{name: secret, secret: {secretName: account}}, {name: config, configMap: {name: config}}]
  container:
    image: busybox
    command: [sh, -ec]
    args: ['echo $(PLACE) $PASSWORD $MODE "$RUNNER_TEST_LEAK" $(cat /secrets/password /config/mode)']
    env:
      - {name: PASSWORD, valueFrom: {secretKeyRef: {name: account, key: password}}}
      - {name: MODE, valueFrom: {configMapKeyRef: {name: config, key: mode}}}
      - {name: PLACE, value: here}
    volumeMounts: [{name: secret, mountPath: /secrets}, {name: config, mountPath: /config}]
`),
      { executor: processExecutor({ ...options, secrets: { account: secret } }), objects: [config] },
    );
    delete process.env.RUNNER_TEST_LEAK;
    expect(result.root.outputs.result).toBe('here hidden fast  hiddenfast');
  });

  test('runs scripts, initContainers and sidecars, and ends the sidecars', async () => {
    const result = await runWorkflow(
      ONE_MAIN(`
  initContainers: [{name: first, image: busybox, command: [sh, -c, echo one > /shelf/order], volumeMounts: [{name: shared, mountPath: /shelf}]}]
  sidecars: [{name: side, image: busybox, command: [sh, -c, "echo two > /shelf/side; sleep 1000"], mirrorVolumeMounts: true}]
  script:
    image: busybox
    command: [sh]
    source: |
      until [ -s /shelf/side ]; do sleep 0.01; done
      cat /shelf/order /shelf/side
    volumeMounts: [{name: shared, mountPath: /shelf}]
`),
      { executor: processExecutor(prepare()) },
    );
    expect(result.root.outputs.result).toBe('one\ntwo');
  });

  test('ends as failed with the exit code, and keeps what was printed', async () => {
    const options = prepare();
    const result = await runWorkflow(ONE_MAIN(`  ${sh('echo out; echo broken >&2; exit 3')}`), {
      executor: processExecutor(options),
    });
    expect([result.phase, result.root.message, result.root.outputs.exitCode]).toEqual([
      'Failed',
      'Error (exit code 3)',
      3,
    ]);
    expect(readFileSync(join(options.folder, 'logs/run.log'), 'utf8').split('\n').sort()).toEqual([
      '',
      'broken',
      'out',
    ]);
  });

  test('ends in an error when an output is not written and has no default', async () => {
    const outputs = (fallback: string): string =>
      `  outputs: {parameters: [{name: value, valueFrom: {path: /results/value${fallback}}}]}\n  ${sh('true')}`;
    const run = (fallback: string) =>
      runWorkflow(ONE_MAIN(outputs(fallback)), { executor: processExecutor(prepare()) });
    expect((await run('')).root).toMatchObject({
      phase: 'Error',
      message: "the output parameter 'value' was not written",
    });
    expect((await run(', default: usual')).root.outputs.parameters).toEqual({ value: 'usual' });
  });
});

describe('what cannot run as a process is an error at once', () => {
  test.each([
    [
      'an unknown claim',
      'main',
      CLAIM.replace('claimName: shared', 'claimName: other'),
      'no folder stands for the claim "other"',
    ],
    ['a missing program', 'main', CLAIM, 'there is no program "no-such-program-here" on PATH'],
  ])('%s', async (_, name, spec, message) => {
    const object = workflow(
      `\n- name: ${name}\n  container: {image: x, command: [no-such-program-here], volumeMounts: [{name: shared, mountPath: /shelf}]}\n`,
      spec,
    );
    await expect(runWorkflow(object, { executor: processExecutor(prepare()) })).rejects.toThrow(message);
  });

  test('a kind that is no program, unless there is a mock for it', async () => {
    const object = workflow('\n- name: main\n  http: {url: http://example.com}\n');
    const executor = processExecutor(prepare());
    await expect(runWorkflow(object, { executor })).rejects.toThrow('a template of the kind http cannot run');
    expect((await runWorkflow(object, { executor, mocks: { main: { result: 'ok' } } })).phase).toBe('Succeeded');
  });
});
