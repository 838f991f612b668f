import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../src/argo-workflows/run/run-workflow';
import { everyOutcome } from '../../src/testing/every-outcome';
import { workflowMatchers } from '../../src/testing/matchers';
import { workflow } from '../argo-workflows/run/workflows';

expect.extend(workflowMatchers);

const pipeline = workflow(
  `
- name: main
  dag:
    tasks:
      - {name: train, template: make}
      - {name: gate, template: work, depends: train, when: "{{= workflow.parameters.mode == 'exact' }}"}
      - name: report
        template: use
        depends: gate
        arguments: {parameters: [{name: value, value: "{{tasks.train.outputs.parameters.value}}"}]}
`,
  'arguments: {parameters: [{name: mode, value: fast, enum: [fast, exact]}]}',
);

describe('matchers say what a run did', () => {
  test('when it succeeded', async () => {
    const result = await runWorkflow(pipeline);
    expect(result).toHaveSucceeded();
    expect(result).toHaveRun('train', 'report', 'use');
    expect(result).toHaveLeftOut('gate');
    expect(result).not.toHaveRun('gate');
    expect(() => expect(result).toHaveRun('gate')).toThrow(
      'expected the run to have run gate; it ended as Succeeded, and ran\n  run.train: Succeeded\n  run.report: Succeeded',
    );
    expect(() => expect(result).toHaveLeftOut('train')).toThrow('to have left out train');
  });

  test('when it failed', async () => {
    const result = await runWorkflow(pipeline, { fail: { train: 1 } });
    expect(result).not.toHaveSucceeded();
    expect(result).toHaveFailedAt('train');
    expect(result).not.toHaveFailedAt('gate');
    expect(() => expect(result).toHaveSucceeded()).toThrow('expected the run to have succeeded; it ended as Failed');
  });
});

describe('every outcome', () => {
  test('of what is reached is tried once', async () => {
    const seen: unknown[] = [];
    const runs = await everyOutcome(pipeline, { templates: { make: [{}], use: [{}] } }, (result, choices) => {
      seen.push([choices['parameter mode'], choices['run.gate'], result.phase]);
    });
    expect(runs).toBe(4);
    expect(seen).toEqual([
      ['fast', undefined, 'Succeeded'],
      ['exact', {}, 'Succeeded'],
      ['exact', { exitCode: 1 }, 'Failed'],
      ['exact', { error: 'the pod was deleted' }, 'Error'],
    ]);
  });

  test('shows a reference that is not provided for', async () => {
    const careless = JSON.parse(
      JSON.stringify(pipeline).replace('tasks.train.outputs.parameters.value', 'tasks.gate.outputs.result'),
    );
    await expect(everyOutcome(careless, {}, () => {})).rejects.toThrow('{{tasks.gate.outputs.result}} never resolves');
  });
});
