import { isFailed, type RunNode, type RunResult } from '../argo-workflows/run/result';

/** What a matcher of Jest or Vitest answers. */
interface Answer {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What can be said of a run of a workflow. */
export interface WorkflowMatchers<R> {
  /** The run ended well. */
  toHaveSucceeded(): R;
  /** The run failed, and this step, task or template was what failed first. */
  toHaveFailedAt(step: string): R;
  /** Each of these steps, tasks or templates ran, however it ended. */
  toHaveRun(...steps: readonly string[]): R;
  /** Each of these steps, tasks or templates was skipped, omitted or never reached. */
  toHaveLeftOut(...steps: readonly string[]): R;
}

/**
 * Matchers for the result of `runWorkflow`: `expect.extend(workflowMatchers)`, then
 * `expect(result).toHaveRun('train', 'gate')`. Jest knows their types by importing this file.
 */
export const workflowMatchers = {
  toHaveSucceeded: (result: RunResult): Answer =>
    answer(result.phase === 'Succeeded', result, 'to have succeeded', 'not to have succeeded'),
  toHaveFailedAt: (result: RunResult, step: string): Answer => {
    const [first] = result.nodes.filter(isProgram).filter((node) => isFailed(node.phase));
    const pass = isFailed(result.phase) && first !== undefined && isCalled(first, step);
    return answer(pass, result, `to have failed at ${step}`, `not to have failed at ${step}`);
  },
  toHaveRun: (result: RunResult, ...steps: readonly string[]): Answer => {
    const missing = steps.filter((step) => !hasRun(result, step));
    return answer(
      missing.length === 0,
      result,
      `to have run ${missing.join(', ')}`,
      `not to have run ${steps.join(', ')}`,
    );
  },
  toHaveLeftOut: (result: RunResult, ...steps: readonly string[]): Answer => {
    const ran = steps.filter((step) => hasRun(result, step));
    return answer(
      ran.length === 0,
      result,
      `to have left out ${ran.join(', ')}`,
      `not to have left out ${steps.join(', ')}`,
    );
  },
};

function isProgram(node: RunNode): boolean {
  return node.kind === 'Pod' || node.kind === 'Suspend';
}

function isCalled(node: RunNode, step: string): boolean {
  return node.template === step || node.displayName.replace(/\(.*\)$/, '') === step || node.name === step;
}

function hasRun(result: RunResult, step: string): boolean {
  return result.nodes.some((node) => isCalled(node, step) && node.phase !== 'Skipped' && node.phase !== 'Omitted');
}

function answer(pass: boolean, result: RunResult, wanted: string, unwanted: string): Answer {
  const ran = result.nodes.filter(isProgram).map((node) => `  ${node.name}: ${node.phase} ${node.message}`.trimEnd());
  const told = ran.length === 0 ? '  nothing' : ran.join('\n');
  const end = `${result.phase}${result.message === '' ? '' : ` (${result.message})`}`;
  return { pass, message: () => `expected the run ${pass ? unwanted : wanted}; it ended as ${end}, and ran\n${told}` };
}

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends WorkflowMatchers<R> {}
}
