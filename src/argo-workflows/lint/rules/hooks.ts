import { isSet, textOf } from '../fields';
import { type Call, callsOf, type WorkflowObject } from '../model';
import { type Reference, referencesOf } from '../references';
import type { Problem, Rule } from '../rule';

function* hookExpressions(workflow: WorkflowObject): Generator<Problem> {
  const calls = workflow.allTemplates.flatMap(callsOf);
  for (const hook of [...workflow.hooks, ...calls.flatMap((call) => call.hooks)]) {
    if (hook.name === 'exit' || isSet(hook.fields.expression)) continue;
    yield {
      at: hook.at,
      what: 'a hook without expression',
      value: hook.name,
      fix: 'say when it runs, or call it "exit"',
    };
  }
}

function* hookOutputs(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    for (const hook of call.hooks) {
      if (hook.name === 'exit') continue;
      for (const value of [...hook.arguments.parameters, ...hook.arguments.artifacts]) {
        const text = textOf(value.fields.value) ?? textOf(value.fields.from) ?? '';
        if (!isOwnOutput(text, call)) continue;
        const what = 'a hook that may run before the end reads outputs, which are not there yet';
        yield { at: value.at, what, value: text, fix: 'use the hook "exit"' };
      }
    }
  }
}

function isOwnOutput(text: string, call: Call): boolean {
  return text.includes(`.${call.name}.outputs.`) || text.includes('{{outputs.');
}

/** What the arguments of hooks read of the task or step that has the hook. */
function* ownReads(workflow: WorkflowObject): Generator<Reference & { readonly call: Call }> {
  for (const reference of referencesOf(workflow).references) {
    const { site, names } = reference;
    const { call } = site;
    const [root, name] = names;
    if (site.role !== 'hook' || call === undefined || name !== call.name || !site.at.includes('arguments')) continue;
    if (root === 'tasks' || root === 'steps') yield { ...reference, call };
  }
}

function* exitHookOutputs(workflow: WorkflowObject): Generator<Problem> {
  for (const { site, call, names, written, conditional } of ownReads(workflow)) {
    if (names[2] !== 'outputs' || names[3] === 'artifacts') continue;
    const hook = call.hooks.find((each) => each.at.every((key, index) => key === site.at[index]));
    if (hook?.name !== 'exit' || conditional || /Succeeded/.test(textOf(hook.fields.expression) ?? '')) continue;
    const [root = '', name = '', ...rest] = names;
    const node = `${root}['${name}']`;
    const value = `${node}${rest.map((each) => (/^[a-z]+$/i.test(each) ? `.${each}` : `['${each}']`)).join('')}`;
    yield {
      at: site.at,
      what: `"${name}" may have failed: the value is then an empty text, or was never there and the run waits for ever`,
      value: written,
      fix: `write {{= ${node}.status == 'Succeeded' ? ${value} : 'none' }}`,
    };
  }
}

function* loopHooks(workflow: WorkflowObject): Generator<Problem> {
  for (const { site, call, written } of ownReads(workflow)) {
    if (call.loop === undefined) continue;
    const what = `a hook of a loop reads "${call.name}" itself, which is resolved before the loop begins: it ends with an error`;
    yield { at: site.at, what, value: written, fix: 'run a task or step after the loop' };
  }
}

export const HOOK_RULES: readonly Rule[] = [
  {
    id: 'hook-expression',
    severity: 'error',
    why: 'The controller refuses a hook without expression, unless it is the hook "exit".',
    check: hookExpressions,
  },
  {
    id: 'hook-output',
    severity: 'warning',
    why: 'A hook other than exit runs as soon as its expression holds, often while the step still runs and has no outputs.',
    check: hookOutputs,
  },
  {
    id: 'exit-hook-output',
    severity: 'warning',
    why: 'An exit hook runs whatever the end was. When its step failed, its outputs are empty texts, for which ?? does not step in; when its pod was lost there are none, and the hook never begins.',
    check: exitHookOutputs,
  },
  {
    id: 'loop-hook',
    severity: 'error',
    why: 'Argo resolves the hooks of a loop while it makes its runs, when nothing is known of how they end: not even a status can be read.',
    check: loopHooks,
  },
];
