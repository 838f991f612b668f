import { dependsTasks, parseDepends } from '../../expressions/depends';
import { ExpressionError } from '../../expressions/expression-error';
import { splitTags } from '../../expressions/tags';
import { parseWhen } from '../../expressions/when';
import { type Catalogue, findCalled } from '../catalogue';
import { isFields, isSet, listOf, partAt, textOf } from '../fields';
import { dependencyNames, dependsOf, findCycle } from '../graph';
import { type Call, callsOf, type Template, type WorkflowObject } from '../model';
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

function* loops(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    const given = ['withItems', 'withParam', 'withSequence'].filter((field) =>
      Array.isArray(call.fields[field]) ? listOf(call.fields[field]).length > 0 : isSet(call.fields[field]),
    );
    if (given.length > 1)
      yield { at: call.at, what: `a loop over ${given.join(' and ')}`, value: call.name, fix: 'keep one of them' };
    const sequence = call.fields.withSequence;
    if (isFields(sequence) && isSet(sequence.count) && isSet(sequence.end)) {
      yield { at: [...call.at, 'withSequence'], what: 'a sequence with count and end', fix: 'keep one of them' };
    } else if (isFields(sequence) && !isSet(sequence.count) && !isSet(sequence.end)) {
      yield { at: [...call.at, 'withSequence'], what: 'a sequence without count or end', fix: 'set count' };
    }
    const list = textOf(call.fields.withParam);
    if (list !== undefined && !list.includes('{{') && !isJsonList(list)) {
      yield {
        at: [...call.at, 'withParam'],
        what: 'withParam is no JSON list',
        value: list,
        fix: 'write a list in JSON, or use withItems',
      };
    }
  }
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

/** The text of a `when` with a word in the place of each tag; nested tags from the inside out. */
function filledIn(when: string): string {
  let text = when;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\{\{(?!=)[^{}]*\}\}/g, 'value');
  }
  return splitTags(text)
    .map((part) => (part.kind === 'text' ? part.text : 'value'))
    .join('');
}

function* whenSyntax(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    if (call.when === undefined) continue;
    try {
      parseWhen(filledIn(call.when));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      yield {
        at: [...call.at, 'when'],
        what: `the condition does not parse: ${error.problem}`,
        value: call.when,
        fix: 'write one expression: {{= … }}',
      };
    }
  }
}

function* bareWhen(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    if (call.when === undefined || !hasBareTag(call.when)) continue;
    const what =
      'the value is pasted into the condition, which breaks when it is empty or has a hyphen, a space or a quote';
    yield {
      at: [...call.at, 'when'],
      what,
      value: call.when,
      fix: `write ${asExpression(call.when)}`,
    };
  }
}

const COMPARISON = /^\{\{([^{}=]+)\}\}\s*(==|!=)\s*(?:"([^"{}]*)"|'([^'{}]*)'|([^\s"'{}]+))$/;

/** The same condition as one expression, where it compares a tag with a word. */
function asExpression(when: string): string {
  const [, tag, operator = '==', ...words] = COMPARISON.exec(when.trim()) ?? [];
  if (tag === undefined) return "one expression, such as {{= inputs.parameters['mode'] == 'train' }}";
  const [root = '', ...names] = tag.trim().split('.');
  const path = names.reduce((text, name) => `${text}${/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name}']`}`, root);
  return `{{= ${path} ${operator} '${words.find((word) => word !== undefined) ?? ''}' }}`;
}

/** A plain tag outside of quotes. */
function hasBareTag(when: string): boolean {
  let quote = '';
  for (const part of splitTags(when)) {
    if (part.kind === 'variable' && quote === '') return true;
    if (part.kind !== 'text') continue;
    for (const character of part.text) {
      if (quote === character) quote = '';
      else if (quote === '' && (character === '"' || character === "'")) quote = character;
    }
  }
  return false;
}

function isGuarded(call: Call): boolean {
  if (call.when !== undefined || call.loop === 'withParam' || call.loop === 'withSequence') return true;
  const depends = dependsOf(call);
  return (
    depends !== undefined &&
    dependsTasks(depends).some((task) => task.result !== undefined && task.result !== 'Succeeded')
  );
}

function* recursion(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const names = workflow.templates.map((template) => template.name);
  const cycle = findCycle(names, (name) => {
    const template = workflow.templates.find((each) => each.name === name);
    if (template === undefined) return [];
    return callsOf(template).flatMap((call) => {
      const called = isGuarded(call) ? undefined : findCalled(catalogue, workflow, call);
      return called === undefined || called.workflow !== workflow ? [] : [called.template.name];
    });
  });
  if (cycle === undefined) return;
  const template = workflow.templates.find((each) => each.name === cycle[0]);
  yield {
    at: template?.at ?? workflow.spec.at,
    what: 'templates that call each other without a condition, until the run fails at depth 100',
    value: cycle.join(' → '),
    fix: 'give one of the calls a when',
  };
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

export const FLOW_RULES: readonly Rule[] = [
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
    id: 'loop',
    severity: 'error',
    why: 'The controller refuses two kinds of loop at once and a sequence with two ends, and fails a loop over something that is no list.',
    check: loops,
  },
  {
    id: 'when-syntax',
    severity: 'error',
    why: 'A condition that does not parse ends the step in an error; argo lint does not look at it.',
    check: whenSyntax,
  },
  {
    id: 'when-bare-tag',
    severity: 'warning',
    why: 'Tags are filled in before a condition is read: a value with a hyphen becomes a subtraction, one with a space or an empty one does not parse.',
    check: bareWhen,
  },
  {
    id: 'recursion',
    severity: 'error',
    why: 'A template that calls itself without a condition runs until the controller stops it at depth 100.',
    check: recursion,
  },
  {
    id: 'hidden-failure',
    severity: 'warning',
    why: 'A DAG ends like its last tasks: when the only one is a failure handler that succeeds, the run turns green although the work failed.',
    check: hiddenFailures,
  },
];
