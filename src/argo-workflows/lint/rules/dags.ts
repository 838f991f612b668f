import { findCycle } from '../../cycle';
import { dependsTasks, parseDepends } from '../../expressions/depends';
import { ExpressionError } from '../../expressions/expression-error';
import { isSet, listOf, partAt, textOf } from '../fields';
import { dependencyNames, dependsOf } from '../graph';
import type { Call, Template, WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

function dags(workflow: WorkflowObject): readonly Template[] {
  return workflow.allTemplates.filter((template) => template.tasks.length > 0);
}

function* dependsSyntax(workflow: WorkflowObject): Generator<Problem> {
  for (const task of dags(workflow).flatMap((template) => template.tasks)) {
    const depends = textOf(task.fields.depends);
    if (depends === undefined || depends.trim() === '') continue;
    try {
      parseDepends(depends);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      yield {
        at: [...task.at, 'depends'],
        what: error.message,
        value: depends,
        fix: 'write task names, with .Succeeded and the like, joined by && and ||',
      };
    }
  }
}

function* mixedDependencies(workflow: WorkflowObject): Generator<Problem> {
  for (const template of dags(workflow)) {
    if (!template.tasks.some((task) => isSet(task.fields.depends))) continue;
    for (const task of template.tasks) {
      if (listOf(task.fields.dependencies).length > 0) {
        const what = 'depends and dependencies in one DAG';
        yield {
          at: [...task.at, 'dependencies'],
          what,
          fix: `write depends: ${listOf(task.fields.dependencies).join(' && ')}`,
        };
      }
      if (isSet(task.fields.continueOn)) {
        const what = 'continueOn in a DAG with depends';
        yield {
          at: [...task.at, 'continueOn'],
          what,
          fix: `ask for ${task.name}.Failed or ${task.name}.Errored where it is depended on`,
        };
      }
    }
  }
}

function* dependencies(workflow: WorkflowObject): Generator<Problem> {
  for (const template of dags(workflow)) {
    const names = template.tasks.map((task) => task.name);
    for (const task of template.tasks) {
      const at = [...task.at, isSet(task.fields.depends) ? 'depends' : 'dependencies'];
      for (const name of dependencyNames(task)) {
        if (names.includes(name)) continue;
        yield { at, what: 'no task of that name in the DAG', value: name, fix: suggest(name, names, 'add the task') };
      }
      const depends = dependsOf(task);
      for (const { name, result } of depends === undefined ? [] : dependsTasks(depends)) {
        const target = template.tasks.find((each) => each.name === name);
        if (target === undefined || target.loop !== undefined || (result !== 'AnySucceeded' && result !== 'AllFailed'))
          continue;
        yield {
          at,
          what: `${result} is for loops, and "${name}" is none`,
          value: `${name}.${result}`,
          fix: `use ${name}.${result === 'AllFailed' ? 'Failed' : 'Succeeded'}`,
        };
      }
    }
    const tasks = new Map(template.tasks.map((task) => [task.name, task]));
    const cycle = findCycle(names, (name) => {
      const task = tasks.get(name);
      return task === undefined ? [] : dependencyNames(task).filter((each) => tasks.has(each));
    });
    if (cycle !== undefined) {
      yield {
        at: [...template.at, 'dag', 'tasks'],
        what: 'tasks that wait for each other',
        value: cycle.join(' → '),
        fix: 'remove one dependency',
      };
    }
    for (const target of (textOf(partAt(template, 'dag').fields.target) ?? '').split(' ')) {
      if (target === '' || target.includes('{{') || target.includes('}}') || names.includes(target)) continue;
      yield {
        at: [...template.at, 'dag', 'target'],
        what: 'no task of that name in the DAG',
        value: target,
        fix: suggest(target, names, 'name a task'),
      };
    }
  }
}

function* hiddenFailures(workflow: WorkflowObject): Generator<Problem> {
  for (const template of dags(workflow)) {
    const depended = new Set(template.tasks.flatMap(dependencyNames));
    const leaves = template.tasks.filter((task) => !depended.has(task.name));
    for (const leaf of leaves) {
      const depends = dependsOf(leaf);
      const tasks = depends === undefined ? [] : dependsTasks(depends);
      const failures = ['Failed', 'Errored', 'AllFailed'];
      if (tasks.length === 0 || !tasks.every((task) => failures.includes(task.result ?? ''))) continue;
      const watched = tasks.map((task) => task.name);
      const covered = watched.every((name) =>
        leaves.some((other) => other !== leaf && followsOnSuccess(template, other, name)),
      );
      if (covered) continue;
      const what = `the DAG succeeds when "${watched[0]}" fails and "${leaf.name}" succeeds`;
      yield {
        at: [...leaf.at, 'depends'],
        what,
        value: textOf(leaf.fields.depends) ?? '',
        fix: 'report failures in the exit hook instead, or add a last task that depends on success',
      };
    }
  }
}

/** Whether a task runs only after another one has succeeded, directly or not. */
function followsOnSuccess(template: Template, task: Call, name: string, seen = new Set<string>()): boolean {
  if (seen.has(task.name)) return false;
  seen.add(task.name);
  const depends = dependsOf(task);
  return (depends === undefined ? [] : dependsTasks(depends)).some((each) => {
    if (each.result !== undefined && each.result !== 'Succeeded') return false;
    const next = template.tasks.find((other) => other.name === each.name);
    return each.name === name || (next !== undefined && followsOnSuccess(template, next, name, seen));
  });
}

export const DAG_RULES: readonly Rule[] = [
  {
    id: 'depends-syntax',
    severity: 'error',
    why: 'A depends is names of tasks with results, joined by &&, ||, ! and parentheses; the task ends in an error when it does not parse.',
    check: dependsSyntax,
  },
  {
    id: 'depends-mixed',
    severity: 'error',
    why: 'The controller refuses a DAG that uses depends together with dependencies or continueOn.',
    check: mixedDependencies,
  },
  {
    id: 'dependency',
    severity: 'error',
    why: 'The controller refuses dependencies and targets that do not exist, tasks that wait for each other, and results of loops asked of a task that is none.',
    check: dependencies,
  },
  {
    id: 'hidden-failure',
    severity: 'warning',
    why: 'A DAG ends like its last tasks: when the only one is a failure handler that succeeds, the run turns green although the work failed.',
    check: hiddenFailures,
  },
];
