import { type Fields, fieldsOf, isSet, textOf } from '../fields';
import { callsOf, type Named, type Template, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const NODE_NAME = /^[a-zA-Z0-9][-a-zA-Z0-9]*$/;
const VALUE_NAME = /^[-a-zA-Z0-9_]+$/;
const GLOBAL_NAME = /^[-a-zA-Z0-9_{}.]+$/;
/** What the controller replaces before it looks at a name. */
export const TAG = /\{\{[^}]*\}\}/g;

/** What Kubernetes appends to a `generateName`. */
const GENERATED_SUFFIX = 5;
const MAX_NAME = 63;
/** A CronWorkflow appends `-` and a Unix time to its name. */
const MAX_CRON_NAME = 52;
const MAX_NODE_NAME = 128;

/** Words of the expression language, which `depends` is evaluated in. */
const EXPRESSION_WORDS = new Set(
  'not in and or matches let if else nil true false contains startsWith endsWith'.split(' '),
);

function* objectName(workflow: WorkflowObject): Generator<Problem> {
  const { kind, metadata } = workflow;
  const name = textOf(metadata.fields.name);
  const at = [...metadata.at, 'name'];
  if (!isSet(name)) return;
  const limit = kind === 'CronWorkflow' ? MAX_CRON_NAME : MAX_NAME;
  if (name !== undefined && name.length > limit) {
    yield { at, what: `a name of ${name.length} characters, longer than ${limit}`, value: name, fix: 'shorten it' };
  } else if (name !== undefined && !OBJECT_NAME.test(name)) {
    yield {
      at,
      what: 'a name that Kubernetes does not take',
      value: name,
      fix: 'use lower-case letters, digits and "-"',
    };
  }
}

function* missingName(workflow: WorkflowObject): Generator<Problem> {
  const { kind, metadata } = workflow;
  if (isSet(metadata.fields.name) || (isSet(metadata.fields.generateName) && kind === 'Workflow')) return;
  const fix = kind === 'Workflow' ? 'set metadata.generateName' : 'set metadata.name';
  yield { at: metadata.at, what: `a ${kind} without a name`, fix };
}

function* generatedName(workflow: WorkflowObject): Generator<Problem> {
  const name = textOf(workflow.metadata.fields.generateName) ?? '';
  if (name.length + GENERATED_SUFFIX <= MAX_NAME) return;
  const what = `a generateName of ${name.length} characters leaves no room for the ${GENERATED_SUFFIX} that are appended`;
  const fix = `use at most ${MAX_NAME - GENERATED_SUFFIX} characters`;
  yield { at: [...workflow.metadata.at, 'generateName'], what, value: name, fix };
}

interface Titled {
  readonly at: Problem['at'];
  readonly name: string;
  readonly fields: Fields;
}

function* checkNames(items: readonly Titled[], what: string, pattern: RegExp, allowed: string): Generator<Problem> {
  const seen = new Set<string>();
  for (const { at: place, name, fields } of items) {
    const at = [...place, 'name'];
    if (!isSet(fields.name)) {
      yield { at: place, what: `a ${what} without a name`, fix: 'give it one' };
    } else if (!pattern.test(name.replace(TAG, 'x'))) {
      yield { at, what: `not a name for a ${what}`, value: String(fields.name), fix: `use ${allowed}` };
    } else if (pattern === NODE_NAME && name.length > MAX_NODE_NAME) {
      yield {
        at,
        what: `a name of ${name.length} characters, longer than ${MAX_NODE_NAME}`,
        value: name,
        fix: 'shorten it',
      };
    } else if (seen.has(name)) {
      yield { at, what: `a second ${what} of that name`, value: name, fix: 'rename one of them' };
    }
    seen.add(name);
  }
}

function* nodeNames(workflow: WorkflowObject): Generator<Problem> {
  const allowed = 'letters, digits and "-", a letter or digit first';
  yield* checkNames(workflow.templates, 'template', NODE_NAME, allowed);
  for (const template of workflow.allTemplates) {
    yield* checkNames(template.steps.flat(), 'step', NODE_NAME, allowed);
    yield* checkNames(template.tasks, 'task', NODE_NAME, allowed);
  }
}

function* valueNames(workflow: WorkflowObject): Generator<Problem> {
  const check = (items: readonly Named[], what: string) =>
    checkNames(items, what, VALUE_NAME, 'letters, digits, "-" and "_"');
  const values = [
    workflow.arguments,
    ...workflow.allTemplates.flatMap((template) => [
      template.inputs,
      template.outputs,
      ...callsOf(template).map((call) => call.arguments),
    ]),
  ];
  for (const { parameters, artifacts } of values) {
    yield* check(parameters, 'parameter');
    yield* check(artifacts, 'artifact');
  }
}

function usesDepends(template: Template): boolean {
  return template.tasks.some((task) => isSet(task.fields.depends));
}

function* taskNameDigits(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const task of template.tasks) {
      const dependencies = task.fields.dependencies;
      const counts = usesDepends(template) || (Array.isArray(dependencies) && dependencies.length > 0);
      if (!counts || !/^\d/.test(task.name)) continue;
      const what = 'a task whose name begins with a digit, in a DAG with depends or dependencies';
      yield { at: [...task.at, 'name'], what, value: task.name, fix: 'begin it with a letter' };
    }
  }
}

function* taskNameWords(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const task of template.tasks) {
      if (!EXPRESSION_WORDS.has(task.name.replaceAll('-', '_'))) continue;
      const what = 'a task named like a word of the expression language, which no depends can name';
      yield { at: [...task.at, 'name'], what, value: task.name, fix: `rename it, such as "${task.name}-task"` };
    }
  }
}

function* parameterJson(workflow: WorkflowObject): Generator<Problem> {
  for (const parameter of workflow.arguments.parameters) {
    if (parameter.name !== 'json') continue;
    const what = 'a workflow parameter "json" hides workflow.parameters.json, the list of all parameters';
    yield { at: [...parameter.at, 'name'], what, fix: 'rename it' };
  }
}

function* globalNames(workflow: WorkflowObject): Generator<Problem> {
  for (const { outputs } of workflow.allTemplates) {
    for (const output of [...outputs.parameters, ...outputs.artifacts]) {
      const name = textOf(output.fields.globalName);
      if (name === undefined || name === '' || GLOBAL_NAME.test(name)) continue;
      const fix = 'use letters, digits, "-", "_" and "."';
      yield { at: [...output.at, 'globalName'], what: 'not a name for a global output', value: name, fix };
    }
  }
}

function* instanceLabel(workflow: WorkflowObject): Generator<Problem> {
  const label = 'app.kubernetes.io/instance';
  const metadata = fieldsOf(workflow.spec.fields.workflowMetadata);
  if (fieldsOf(metadata.labels)[label] === undefined) return;
  const at = [...workflow.spec.at, 'workflowMetadata', 'labels', label];
  const what = 'runs carry the label by which Argo CD may know its own objects, and would be pruned';
  yield { at, what, fix: 'leave the label out' };
}

export const NAME_RULES: readonly Rule[] = [
  {
    id: 'object-name',
    severity: 'error',
    why: 'Names of runs become label values, which have at most 63 characters; a CronWorkflow appends eleven to its own.',
    check: objectName,
  },
  {
    id: 'missing-name',
    severity: 'warning',
    why: 'The API server refuses an object without a name; argo submit can add one.',
    check: missingName,
  },
  {
    id: 'generate-name-length',
    severity: 'warning',
    why: 'Kubernetes cuts a long generateName to make room for its suffix, so runs of different workflows look alike.',
    check: generatedName,
  },
  {
    id: 'node-name',
    severity: 'error',
    why: 'The controller refuses templates, steps and tasks whose names are missing, malformed or not unique.',
    check: nodeNames,
  },
  {
    id: 'value-name',
    severity: 'error',
    why: 'The controller refuses parameters and artifacts whose names are missing, malformed or not unique.',
    check: valueNames,
  },
  {
    id: 'task-name-digit',
    severity: 'error',
    why: 'A depends is an expression, in which a name cannot begin with a digit; the controller refuses the DAG.',
    check: taskNameDigits,
  },
  {
    id: 'task-name-keyword',
    severity: 'error',
    why: 'A depends is evaluated as an expression, in which words such as "in" or "not" are operators: argo lint accepts the name and the run fails.',
    check: taskNameWords,
  },
  {
    id: 'parameter-named-json',
    severity: 'warning',
    why: 'A parameter of that name takes the place of {{workflow.parameters.json}}, the list of all, for whoever expects that.',
    check: parameterJson,
  },
  {
    id: 'global-name',
    severity: 'error',
    why: 'The controller refuses a globalName that is no name.',
    check: globalNames,
  },
  {
    id: 'argo-cd-instance-label',
    severity: 'warning',
    why: 'With label tracking, Argo CD takes objects with app.kubernetes.io/instance for its own and prunes those that are not in Git: it would delete the runs.',
    check: instanceLabel,
  },
];
