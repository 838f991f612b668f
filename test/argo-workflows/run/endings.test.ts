import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Ask } from '../../../src/argo-workflows/run/context';
import type { Mock, MockCall } from '../../../src/argo-workflows/run/mocks';
import { RunError } from '../../../src/argo-workflows/run/result';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { workflow } from './workflows';

const failTimes =
  (count: number, exitCode = 1): Mock =>
  ({ attempt }: MockCall) => ({ exitCode: attempt < count ? exitCode : 0, seconds: 10 });

describe('retries', () => {
  const retrying = (strategy: string): object =>
    workflow(`
- name: main
  retryStrategy: ${strategy}
  container: {image: busybox, command: [work, "{{retries}}"]}
`);

  test('try again until it succeeds, waiting longer each time', async () => {
    const strategy = '{limit: 3, retryPolicy: OnFailure, backoff: {duration: 30s, factor: 2, cap: 45s}}';
    const result = await runWorkflow(retrying(strategy), { mocks: { main: failTimes(3) } });
    expect(result.root.children.map(({ name, phase, startedAt }) => [name, phase, startedAt])).toEqual([
      ['run(0)', 'Failed', 0],
      ['run(1)', 'Failed', 40],
      ['run(2)', 'Failed', 95],
      ['run(3)', 'Succeeded', 150],
    ]);
    expect([result.phase, result.root.kind]).toEqual(['Succeeded', 'Retry']);
  });

  test('end with the limit: one attempt more than retries', async () => {
    const result = await runWorkflow(retrying('{limit: "2", retryPolicy: OnFailure}'), {
      mocks: { main: failTimes(9) },
    });
    expect([result.root.children.length, result.phase, result.message]).toEqual([3, 'Failed', 'No more retries left']);
  });

  test.each([
    ['OnFailure', { exitCode: 1 }, 3],
    ['OnFailure', { error: 'evicted' }, 1],
    ['OnError', { exitCode: 1 }, 1],
    ['OnError', { error: 'evicted' }, 3],
    ['Always', { error: 'evicted' }, 3],
  ])('with the policy %s after %j make %i attempts', async (policy, outcome, attempts) => {
    const result = await runWorkflow(retrying(`{limit: 2, retryPolicy: ${policy}}`), { mocks: { main: outcome } });
    expect(result.root.children).toHaveLength(attempts);
  });

  test('ask the expression, which sees texts', async () => {
    const strategy =
      '{limit: 5, retryPolicy: Always, expression: "asInt(lastRetry.exitCode) != 2 && lastRetry.status == \'Failed\'"}';
    expect((await runWorkflow(retrying(strategy), { mocks: { main: failTimes(9, 2) } })).root.children).toHaveLength(1);
    expect((await runWorkflow(retrying(strategy), { mocks: { main: failTimes(2, 3) } })).root.children).toHaveLength(3);
  });

  test.each([
    ['retryStrategy: {limit: 1, retryPolicy: Always}'],
    ['templateDefaults: {retryStrategy: {limit: 1, retryPolicy: Always}}'],
  ])('of the workflow, %s, count for every template, also for those that hold others', async (spec) => {
    const result = await runWorkflow(workflow('\n- name: main\n  steps: [[{name: a, template: work}]]\n', spec), {
      fail: { a: 9 },
    });
    expect(result.nodes.map(({ name }) => name)).toEqual([
      'run',
      'run(0)',
      'run(0)[0].a',
      'run(0)[0].a(0)',
      'run(0)[0].a(1)',
      'run(1)',
      'run(1)[0].a',
      'run(1)[0].a(0)',
      'run(1)[0].a(1)',
    ]);
  });

  test('stop when they would last too long', async () => {
    const strategy = '{limit: 9, retryPolicy: Always, backoff: {duration: 1m, maxDuration: 2m}}';
    const result = await runWorkflow(retrying(strategy), { mocks: { main: failTimes(9) } });
    expect([result.root.children.length, result.message]).toEqual([2, 'Backoff would exceed max duration limit']);
  });

  test('without limit are refused when they never end', async () => {
    await expect(runWorkflow(retrying('{retryPolicy: Always}'), { mocks: { main: { exitCode: 1 } } })).rejects.toThrow(
      'still fails after 1000 attempts, and has no limit',
    );
  }, 30_000);
});

describe('deadlines', () => {
  test('fail what runs too long', async () => {
    const limited = workflow(
      '- name: main\n  activeDeadlineSeconds: 60\n  container: {image: busybox, command: [work]}\n',
    );
    const result = await runWorkflow(limited, { mocks: { main: { seconds: 61 } } });
    expect([result.phase, result.duration]).toEqual(['Failed', 60]);
    expect((await runWorkflow(limited, { mocks: { main: { seconds: 60 } } })).phase).toBe('Succeeded');
  });

  test('of the workflow stop it, but not its exit handler', async () => {
    const limited = workflow(
      '- name: main\n  steps:\n    - - {name: a, template: work}\n    - - {name: b, template: work}\n',
      'activeDeadlineSeconds: 15\nhooks: {exit: {template: make}}',
    );
    const result = await runWorkflow(limited, { mocks: { work: { seconds: 10 } } });
    expect(result.node('b')).toMatchObject({ phase: 'Failed', finishedAt: 15 });
    expect(result.hooks[0]).toMatchObject({ name: 'run.onExit', phase: 'Succeeded', startedAt: 15 });
  });
});

describe('hooks', () => {
  const exit = (): object =>
    workflow(
      `
- name: main
  container: {image: busybox, command: [work]}
- name: report
  container: {image: busybox, command: [report, "{{workflow.status}}", "{{workflow.failures}}"]}
`,
      'hooks: {exit: {template: report}}',
    );

  test('exit sees how the run ended, and what failed', async () => {
    let command: unknown;
    const report: Mock = ({ template }) => {
      command = template.container;
      return {};
    };
    const result = await runWorkflow(exit(), { mocks: { main: { exitCode: 1 }, report } });
    expect(result.phase).toBe('Failed');
    const { command: words } = command as { readonly command: readonly string[] };
    expect(words[1]).toBe('Failed');
    expect(JSON.parse(JSON.parse(words[2] ?? ''))).toMatchObject([{ templateName: 'main', phase: 'Failed' }]);
  });

  test('exit that fails makes the run fail', async () => {
    expect((await runWorkflow(exit(), { mocks: { report: { exitCode: 1 } } })).phase).toBe('Failed');
    expect((await runWorkflow(exit())).phase).toBe('Succeeded');
  });

  test('of a step run when their expression holds, and do not change how it ends', async () => {
    const hooked = workflow(`
- name: main
  steps:
    - - name: a
        template: work
        hooks:
          running: {template: use-or-default, expression: steps.a.status == 'Running'}
          failed: {template: use-or-default, expression: steps.a.status == 'Failed'}
          exit: {template: use, arguments: {parameters: [{name: value, value: "{{steps.a.status}}"}]}}
`);
    const names = async (mock: Mock) =>
      (await runWorkflow(hooked, { mocks: { work: mock, 'use-or-default': { exitCode: 1 } } })).nodes.map(
        (node) => node.name,
      );
    expect(await names({})).toEqual(['run', 'run[0].a', 'run[0].a.hooks.running', 'run[0].a.onExit']);
    expect(await names({ exitCode: 1 })).toEqual([
      'run',
      'run[0].a',
      'run[0].a.hooks.running',
      'run[0].a.hooks.failed',
      'run[0].a.onExit',
    ]);
  });
});

describe('approval', () => {
  const approval = workflow(`
- name: main
  steps:
    - - {name: approve, template: approve}
    - - {name: deploy, template: work, when: "{{= steps.approve.outputs.parameters.approved == 'yes' }}"}
- name: approve
  inputs: {parameters: [{name: approved, value: "no", enum: ["yes", "no"]}]}
  outputs: {parameters: [{name: approved, valueFrom: {supplied: {}}}]}
  suspend: {}
`);

  test('takes the answer', async () => {
    const phase = async (approved: string) =>
      (await runWorkflow(approval, { answers: { approve: { approved } } })).node('deploy').phase;
    expect([await phase('yes'), await phase('no')]).toEqual(['Succeeded', 'Skipped']);
  });

  test('is asked for where somebody is there to be asked, and where none is given before', async () => {
    const asked: unknown[] = [];
    const ask: Ask = async (waiting) => {
      asked.push(waiting);
      return { approved: 'yes' };
    };
    expect((await runWorkflow(approval, { ask })).node('deploy').phase).toBe('Succeeded');
    expect((await runWorkflow(approval, { ask, answers: { approve: { approved: 'no' } } })).node('deploy').phase).toBe(
      'Skipped',
    );
    expect(asked).toEqual([
      {
        node: 'run[0].approve',
        template: 'approve',
        questions: [{ name: 'approved', description: '', choices: ['yes', 'no'] }],
      },
    ]);
  });

  test('that nobody gives in time is an error, or the default', async () => {
    const inTime = (valueFrom: string): object =>
      JSON.parse(
        JSON.stringify(approval)
          .replace('"suspend":{}', '"suspend":{"duration":"1h"}')
          .replace('"valueFrom":{"supplied":{}}', `"valueFrom":${valueFrom}`),
      );
    const late = await runWorkflow(inTime('{"supplied":{}}'));
    expect([late.phase, late.duration, late.node('approve').phase]).toEqual(['Failed', 3600, 'Error']);
    const usual = await runWorkflow(inTime('{"supplied":{},"default":"yes"}'));
    expect([usual.phase, usual.node('deploy').startedAt]).toEqual(['Succeeded', 3600]);
    const form = JSON.stringify(inTime('{"supplied":{}}')).replace('"value":"no"', '"default":"yes"');
    const byForm = await runWorkflow(JSON.parse(form));
    expect([byForm.phase, byForm.node('deploy').startedAt]).toEqual(['Succeeded', 3600]);
    const answered = await runWorkflow(inTime('{"supplied":{}}'), { answers: { approve: { approved: 'yes' } } });
    expect([answered.phase, answered.node('deploy').startedAt]).toEqual(['Succeeded', 0]);
  });

  test.each([
    [{}, '"approve" waits for a person, and has no answer'],
    [{ answers: { approve: {} } }, 'the answer to "approve" lacks "approved"'],
    [{ answers: { approve: { approved: 'perhaps' } } }, 'the answer "perhaps" for "approved" is not offered'],
    [{ answers: { approve: { approved: 'yes', by: 'me' } } }, '"approve" asks for no "by"'],
  ])('%j is refused', async (options, message) => {
    await expect(runWorkflow(approval, options)).rejects.toThrow(message);
  });
});

describe('every outcome of a pipeline', () => {
  const pipeline = workflow(
    `
- name: main
  dag:
    tasks:
      - {name: train, template: make}
      - {name: gate, template: work, depends: train}
      - {name: publish, template: make, depends: gate.Succeeded, when: "{{= tasks.train.outputs.parameters.value == 'good' }}"}
      - {name: rollback, template: work, depends: gate.Failed || gate.Errored}
      - name: report
        template: use
        depends: publish || publish.Omitted
        arguments: {parameters: [{name: value, value: "{{= tasks['publish']?.outputs?.parameters?.value ?? 'nothing' }}"}]}
`,
    'hooks: {exit: {template: work}}',
  );

  test('ends without an unresolved reference, each task as its dependencies say', async () => {
    const outcome = fc.constantFrom({ exitCode: 0 }, { exitCode: 1 }, { error: 'evicted' });
    await fc.assert(
      fc.asyncProperty(
        outcome,
        outcome,
        outcome,
        fc.constantFrom('good', 'bad'),
        async (train, gate, publish, value) => {
          const result = await runWorkflow(pipeline, {
            mocks: {
              make: ({ task }) => ({ ...(task === 'train' ? train : publish), parameters: { value } }),
              work: ({ task }) => (task === 'gate' ? gate : {}),
            },
          });
          const phase = (name: string) => result.node(name).phase;
          const failed = (name: string) => ['Failed', 'Error'].includes(phase(name));
          expect(phase('gate') === 'Omitted').toBe(failed('train'));
          expect(phase('rollback') === 'Succeeded').toBe(failed('gate'));
          expect(phase('publish') === 'Skipped').toBe(phase('gate') === 'Succeeded' && value === 'bad');
          expect(phase('report') === 'Omitted').toBe(failed('publish'));
          expect(result.hooks).toHaveLength(1);
        },
      ),
    );
  }, 30_000);

  test('would show a reference that is not provided for', async () => {
    const text = JSON.stringify(pipeline).replace(
      /tasks\['publish'\].*?'nothing'/,
      'tasks.publish.outputs.parameters.value',
    );
    const careless = JSON.parse(text) as object;
    await expect(runWorkflow(careless, { mocks: { make: { parameters: { value: 'bad' } } } })).rejects.toThrow(
      RunError,
    );
  });
});
