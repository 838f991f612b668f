import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createNamespace, type ProgramName, removeNamespace, runSteps, type Step } from './images/pods';
import { describeOnCluster } from './kubectl';

const TEXT = 'A wonderful film.';

const programs: readonly ProgramName[] = ['trainer', 'dvc', 'inference', 'ui', 'deployer'];

const train: readonly Step[] = [
  { name: 'generate', image: 'trainer', args: ['generate', '--size', '600', '--output', '/work/data'] },
  { name: 'train', image: 'trainer', args: ['train', '--data', '/work/data', '--output', '/work/model'] },
];

const repository = ['--repository', 'file:///work/models.git', '--name', 'sentiment'];
const version: readonly Step[] = [
  { name: 'init', image: 'dvc', command: ['git', 'init', '--bare', '--initial-branch=main', '/work/models.git'] },
  {
    name: 'version',
    image: 'dvc',
    args: ['version', ...repository.slice(0, 2), '--remote', '/work/remote', '--model', '/work/model'],
  },
  {
    name: 'pull',
    image: 'dvc',
    args: ['pull', ...repository, '--version', 'v0.1.0', '--output', '/work/served/v0.1.0'],
  },
];

/** Asks a server in the same pod and prints what it answers. */
function ask(image: ProgramName, script: string): Step {
  return { name: 'ask', image, command: ['node', '-e', `(async () => { ${script} })()`] };
}

/** Makes a repository of what is in the image; `edit` is a shell command on its files. */
function platform(name: string, edit: string): Step {
  const parts = 'bin cdk8s.yaml imports package.json package-lock.json schemas src tsconfig.json';
  const script = [
    'set -eu',
    `mkdir /work/${name}`,
    'cd /app',
    `cp -r ${parts} /work/${name}`,
    `cd /work/${name}`,
    edit,
    'printf "node_modules\\n.synth/\\n" > .gitignore',
    'git init --quiet --initial-branch=main',
    'git add --all',
    'git -c user.name=A -c user.email=a@example.com commit --quiet --message Begin',
    'git config receive.denyCurrentBranch updateInstead',
  ];
  return { name, image: 'deployer', command: ['sh', '-c', script.join('\n')] };
}

const promote = (of: string) => [
  ...['--repository', `file:///work/${of}`, '--branch', 'main'],
  ...['--', 'promote', 'images', '--from', 'homelab', '--to', 'homelab'],
];

/** Every image as a pod under Pod Security `restricted`, with a read-only root. Build them with docker/build. */
describeOnCluster('the images', () => {
  beforeAll(createNamespace);
  afterAll(removeNamespace);

  test.each(programs)('%s explains itself', async (image) => {
    const { codes, logs } = await runSteps(`help-${image}`, [{ name: 'help', image, args: ['--help'] }]);
    expect(codes).toEqual({ help: 0 });
    expect(await logs('help')).toMatch(/usage/i);
  });

  test.each(programs)('%s refuses what it does not know, as wrong usage', async (image) => {
    const { codes } = await runSteps(`usage-${image}`, [{ name: 'usage', image, args: ['--no-such-option'] }]);
    expect(codes).toEqual({ usage: 2 });
  });

  test('trainer makes data, a model, a report and a prediction', async () => {
    const { codes, result } = await runSteps('trainer', [
      ...train,
      {
        name: 'evaluate',
        image: 'trainer',
        args: ['evaluate', '--model', '/work/model', '--data', '/work/data', '--output', '/work/report'],
      },
      { name: 'predict', image: 'trainer', args: ['predict', '--model', '/work/model', TEXT] },
    ]);
    expect(codes).toEqual({ generate: 0, train: 0, evaluate: 0, predict: 0 });
    expect(await result('evaluate')).toMatchObject({ synthetic: true });
    expect(await result('predict')).toMatchObject({ sentiment: expect.stringMatching(/^(positive|negative)$/) });
  });

  test('dvc versions a model, and another digest than the pinned one is not written', async () => {
    const wrong = ['--version', 'v0.1.0', '--digest', `sha256:${'0'.repeat(64)}`, '--output', '/work/wrong'];
    const { codes, logs, result } = await runSteps('dvc', [
      ...train,
      ...version,
      {
        name: 'wrong',
        image: 'dvc',
        command: ['sh', '-c', `python -m versioning pull ${[...repository, ...wrong].join(' ')}; echo $?`],
      },
      { name: 'look', image: 'dvc', command: ['ls', '/work'] },
    ]);
    expect(codes).toEqual({ generate: 0, train: 0, init: 0, version: 0, pull: 0, wrong: 0, look: 0 });
    expect(await result('version')).toMatchObject({ version: 'v0.1.0' });
    expect(await logs('wrong')).toMatch(/^1$/m);
    expect((await logs('look')).split('\n')).not.toContain('wrong');
  });

  test('inference serves what dvc pulled, and drains', async () => {
    const serve = ['--model', '/work/served/v0.1.0', '--port', '8080'];
    const { codes, result } = await runSteps('inference', [
      ...train,
      ...version,
      { name: 'predict', image: 'trainer', args: ['predict', '--model', '/work/served/v0.1.0', TEXT] },
      { name: 'inference', image: 'inference', args: serve, serves: '/ready' },
      ask(
        'inference',
        `const url = 'http://127.0.0.1:8080/predict';
         const headers = { 'content-type': 'application/json' };
         const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ text: '${TEXT}' }) });
         console.log(JSON.stringify(await reply.json()));`,
      ),
    ]);
    const { sentiment } = await result('predict');
    expect(await result('ask')).toMatchObject({ text: TEXT, sentiment, model_version: 'v0.1.0' });
    // Told to end by SIGTERM once the last step was done.
    expect(codes).toMatchObject({ inference: 0, ask: 0 });
  });

  test('ui serves its page with a strict policy, and drains', async () => {
    const { codes, result } = await runSteps('ui', [
      { name: 'ui', image: 'ui', serves: '/health' },
      ask(
        'ui',
        `const reply = await fetch('http://127.0.0.1:8080/');
         const policy = reply.headers.get('content-security-policy');
         console.log(JSON.stringify({ policy, page: await reply.text() }));`,
      ),
    ]);
    const { policy, page } = (await result('ask')) as { readonly policy: string; readonly page: string };
    expect(policy).toContain("default-src 'none'");
    expect(page).toMatch(/^<!doctype html>/i);
    expect(codes).toEqual({ ui: 0, ask: 0 });
  });

  test('deployer pushes what it rendered, and refuses a checkout with another lockfile', async () => {
    const { codes, logs, result } = await runSteps('deployer', [
      platform('same', 'true'),
      platform('other', 'printf "\\n" >> package-lock.json'),
      { name: 'pushes', image: 'deployer', args: promote('same') },
      { name: 'refuses', image: 'deployer', args: promote('other') },
    ]);
    expect(codes).toEqual({ same: 0, other: 0, pushes: 0, refuses: 1 });
    expect((await result('pushes')).commit).toMatch(/^[0-9a-f]{40}$/);
    expect(await logs('refuses')).toContain('build the deployer image of that commit');
  });
});
