import {
  container,
  type Manifest,
  type Template,
  WorkflowError,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import type { Inputs } from '../../../src/argo-workflows/language/inputs';
import type { Outputs } from '../../../src/argo-workflows/language/outputs';
import { small } from './types/templates';

/** Fields that every program of these tests has. */
export const program = { image: 'registry.example/run:1.0.0', command: ['run'], resources: small } as const;

/** A program without inputs and outputs. */
export const idle = container('idle', program);

type AnyObject = { readonly [key: string]: unknown };

/** The rendered workflow template that begins with a template. */
export function manifestOf(template: Template<Inputs, Outputs>): Manifest {
  return workflowTemplate('under-test', {
    templates: { main: template },
    entrypoint: 'main',
    serviceAccount: { name: 'executor' },
  }).toManifest();
}

/** A template as it is rendered. */
export function rendered(template: Template<Inputs, Outputs>): AnyObject {
  const templates = manifestOf(template).spec.templates as readonly AnyObject[];
  const found = templates.find((each) => each.name === template.name);
  if (found === undefined) throw new Error(`no template ${template.name}`);
  return found;
}

/** The tasks of a DAG as they are rendered, by name. */
export function tasksOf(template: Template<Inputs, Outputs>): Readonly<Record<string, AnyObject>> {
  const { tasks } = rendered(template).dag as { readonly tasks: readonly (AnyObject & { readonly name: string })[] };
  return Object.fromEntries(tasks.map((task) => [task.name, task]));
}

/** The value of one argument of a task. */
export function argument(task: AnyObject | undefined, name: string): unknown {
  const given = task?.arguments as { readonly parameters?: readonly { name: string; value: string }[] } | undefined;
  return given?.parameters?.find((parameter) => parameter.name === name)?.value;
}

/** What is wrong with something that does not render. */
export function problemsOf(render: () => unknown): readonly string[] {
  try {
    render();
  } catch (error) {
    if (error instanceof WorkflowError) return error.message.split('\n');
    throw error;
  }
  return [];
}
