import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dockerExecutor } from '../../../../src/argo-workflows/run/docker/docker-executor';
import { runWorkflow } from '../../../../src/argo-workflows/run/run-workflow';
import { temporaryFolder } from '../../../support/temporary';
import { workflow } from '../workflows';

const folder = temporaryFolder();
const bin = join(folder, 'bin');
mkdirSync(bin);
mkdirSync(join(folder, 'shared'));

/** Stands for Docker, which is not asked for here: writes down what it is told, and the environment. */
function standIn(name: string, exitCode: number, output = ''): void {
  const file = join(bin, name);
  writeFileSync(
    file,
    `#!/bin/sh
[ "$1" = version ] && exit 0
printf '%s\\n' "$@" > ${folder}/told-$1
printf '%s' "$PASSWORD" > ${folder}/password
${output}
exit ${exitCode}
`,
  );
  chmodSync(file, 0o755);
}

const told = (command = 'run'): readonly string[] =>
  readFileSync(join(folder, `told-${command}`), 'utf8')
    .trimEnd()
    .split('\n');

const training = workflow(
  `
- name: main
  outputs: {parameters: [{name: score, valueFrom: {path: /results/score}}]}
  container:
    image: registry.example:5000/trainer:1.0
    command: [python, -m, trainer]
    args: [train, --seed, $(SEED), /work/data]
    env: [{name: SEED, value: "7"}, {name: PASSWORD, value: hidden}]
    volumeMounts: [{name: shared, mountPath: /work, subPath: runs/1}, {name: shared, mountPath: /data, readOnly: true}]
    securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`,
  'volumes: [{name: shared, persistentVolumeClaim: {claimName: shared}}]',
);

// Docker is not run: these tests hold the command lines that it would get.
describe('with Docker', () => {
  const path = process.env.PATH;
  const run = async (object: object, images: Readonly<Record<string, string>> = {}, signal?: AbortSignal) => {
    process.env.PATH = `${bin}:${path}`;
    try {
      const executor = dockerExecutor({
        folder: join(folder, 'run'),
        volumes: { shared: join(folder, 'shared') },
        images,
      });
      return await runWorkflow(object, { executor, uid: '12345678-9', ...(signal === undefined ? {} : { signal }) });
    } finally {
      process.env.PATH = path;
    }
  };

  test('a container is started with its folders at their paths, its rights and its words', async () => {
    const root = join(folder, 'run', 'steps', 'run', 'root');
    standIn('docker', 0, `echo 0.9 > ${root}/results/score`);
    const result = await run(training);
    const { uid, gid } = userInfo();
    expect(told()).toEqual([
      'run',
      '--rm',
      '--init',
      '--name=run.run.main.12345678',
      '--stop-timeout=10',
      '--network=host',
      `--user=${uid}:${gid}`,
      '--read-only',
      '--security-opt=no-new-privileges',
      '--cap-drop=ALL',
      `--mount=type=bind,source=${root}/tmp,target=/tmp`,
      `--mount=type=bind,source=${root}/results,target=/results`,
      `--mount=type=bind,source=${folder}/shared/runs/1,target=/work`,
      `--mount=type=bind,source=${folder}/shared,target=/data,readonly`,
      '--env=SEED',
      '--env=PASSWORD',
      '--entrypoint=python',
      'registry.example:5000/trainer:1.0',
      '-m',
      'trainer',
      'train',
      '--seed',
      '7',
      '/work/data',
    ]);
    expect(readFileSync(join(folder, 'password'), 'utf8')).toBe('hidden');
    expect(result.root.outputs.parameters).toEqual({ score: '0.9' });
  });

  test('another image can take its place, and its exit code counts', async () => {
    standIn('docker', 4);
    const result = await run(training, { trainer: 'localhost/trainer:dev' });
    expect(told()).toContain('localhost/trainer:dev');
    expect([result.phase, result.message]).toEqual(['Failed', 'Error (exit code 4)']);
  });

  test('a script is a file that its command is given', async () => {
    standIn('docker', 0);
    await run(workflow('\n- name: main\n  script: {image: python, command: [python], source: print(1)}\n'));
    expect(told().slice(-3)).toEqual(['--entrypoint=python', 'python', '/argo-script']);
    expect(told()).toContain(
      `--mount=type=bind,source=${folder}/run/steps/run/main-script,target=/argo-script,readonly`,
    );
    expect(readFileSync(join(folder, 'run/steps/run/main-script'), 'utf8')).toBe('print(1)');
  });

  test('a container of a run that is stopped is removed', async () => {
    const controller = new AbortController();
    standIn('docker', 0, 'if [ "$1" = run ]; then echo up; sleep 60; fi');
    process.env.PATH = `${bin}:${path}`;
    const executor = dockerExecutor({ folder: join(folder, 'run'), graceSeconds: 0.1 });
    const result = await runWorkflow(workflow('\n- name: main\n  container: {image: x, command: [serve]}\n'), {
      executor,
      signal: controller.signal,
      onEvent: (event) => event.type === 'log' && controller.abort(),
    });
    process.env.PATH = path;
    expect(result.phase).toBe('Failed');
    expect(told('rm')).toEqual(['rm', '--force', 'run.run.main.00000000']);
  });

  test('a workflow is refused where neither Docker nor Podman answers', async () => {
    process.env.PATH = folder;
    const executor = dockerExecutor({ folder: join(folder, 'run'), volumes: { shared: join(folder, 'shared') } });
    const running = runWorkflow(training, { executor });
    await expect(running).rejects.toThrow('neither docker nor podman answers');
    process.env.PATH = path;
  });
});
