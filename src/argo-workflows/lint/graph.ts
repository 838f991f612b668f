import { type Depends, dependsTasks, parseDepends } from '../expressions/depends';
import { ExpressionError } from '../expressions/expression-error';
import { listOf, textOf } from './fields';
import { type Call, callsOf, type Template, type WorkflowObject } from './model';

const cache = new WeakMap<Call, { readonly depends: Depends | undefined }>();

/** What a task waits for: its `depends`, or its `dependencies` read as a `depends`; undefined when it has neither. */
export function dependsOf(task: Call): Depends | undefined {
  const known = cache.get(task) ?? { depends: readDepends(task) };
  cache.set(task, known);
  return known.depends;
}

function readDepends(task: Call): Depends | undefined {
  const source = textOf(task.fields.depends);
  if (source !== undefined && source.trim() !== '') {
    try {
      return parseDepends(source);
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  }
  return listOf(task.fields.dependencies)
    .flatMap((name): Depends[] => (typeof name === 'string' ? [{ kind: 'task', name, start: 0 }] : []))
    .reduce<Depends | undefined>((left, right) => (left ? { kind: 'and', left, right } : right), undefined);
}

/** The names that a task depends on directly. */
export function dependencyNames(task: Call): readonly string[] {
  const depends = dependsOf(task);
  return depends === undefined ? [] : [...new Set(dependsTasks(depends).map((each) => each.name))];
}

/** The names of all tasks that have ended before a task begins. */
export function ancestorsOf(template: Template, task: Call): ReadonlySet<string> {
  const tasks = new Map(template.tasks.map((each) => [each.name, each]));
  const ancestors = new Set<string>();
  const queue = [...dependencyNames(task)];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const found = tasks.get(name);
    if (found === undefined || ancestors.has(name)) continue;
    ancestors.add(name);
    queue.push(...dependencyNames(found));
  }
  return ancestors;
}

/** The step or task that a template is written into, and the template in which that stands. */
export function callAround(
  template: Template,
  workflow: WorkflowObject,
): { readonly owner: Template; readonly call: Call } | undefined {
  if (template.inlineOf === undefined) return undefined;
  for (const owner of workflow.allTemplates) {
    const call = callsOf(owner).find((each) => each.inline === template);
    if (call !== undefined) return { owner, call };
  }
  return undefined;
}

/** A template and, when it is written into a step or task, the templates around it, from the inside out. */
export function templatesAround(template: Template | undefined, workflow: WorkflowObject): readonly Template[] {
  const around: Template[] = [];
  for (let inner = template; inner !== undefined; inner = callAround(inner, workflow)?.owner) around.push(inner);
  return around;
}
