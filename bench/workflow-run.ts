import { runWorkflow } from '../src/argo-workflows/run/run-workflow';
import { say, seconds, times, verdict } from './measure';

const ROUNDS = Number(process.env.ROUNDS ?? 5);

/** A loop whose every run makes a value and uses it: two programs for each item. */
function manyTasks(items: number): object {
  const program = { image: 'busybox', command: ['work'] };
  const value = '{{= tasks.make.outputs.parameters.value + inputs.parameters.value }}';
  const pair = {
    name: 'pair',
    inputs: { parameters: [{ name: 'value' }] },
    dag: {
      tasks: [
        { name: 'make', template: 'make' },
        { name: 'use', template: 'use', depends: 'make', arguments: { parameters: [{ name: 'value', value }] } },
      ],
    },
  };
  const loop = {
    withSequence: { count: `${items}` },
    arguments: { parameters: [{ name: 'value', value: '{{item}}' }] },
  };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'run' },
    spec: {
      entrypoint: 'main',
      templates: [
        { name: 'main', dag: { tasks: [{ name: 'each', template: 'pair', ...loop }] } },
        pair,
        { name: 'make', outputs: { parameters: [{ name: 'value', valueFrom: { path: '/v' } }] }, container: program },
        { name: 'use', inputs: { parameters: [{ name: 'value' }] }, container: program },
      ],
    },
  };
}

/** How long the workflow runner takes with mocks, on its virtual clock. */
export async function benchWorkflowRun(): Promise<void> {
  say(`Workflow runner with mocks, ${ROUNDS} rounds in one process`);
  for (const [tasks, goal] of [
    [1000, 2000],
    [10_000, 20_000],
  ] as const) {
    const rounds: { readonly wall: number; readonly processor: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const begin = performance.now();
      const before = process.cpuUsage();
      const { phase, nodes } = await runWorkflow(manyTasks(tasks / 2));
      const { user, system } = process.cpuUsage(before);
      if (phase !== 'Succeeded' || nodes.filter(({ kind }) => kind === 'Pod').length !== tasks)
        throw new Error('it ran something else');
      rounds.push({ wall: performance.now() - begin, processor: (user + system) / 1000 });
    }
    const wall = times(rounds.map((round) => round.wall));
    const processor = times(rounds.map((round) => round.processor));
    say(
      `  ${tasks} tasks: ${verdict(wall.maximum, goal, seconds)} at worst; processor time ${seconds(processor.median)} (median)`,
    );
  }
}
