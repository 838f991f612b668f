import type { Inputs } from './inputs';
import type { Outputs } from './outputs';
import type { Placement } from './placement';
import type { Problem } from './problem';

/** A unit of work that tasks run: a program, a DAG, a pause. */
export interface Template<out I extends Inputs, out O extends Outputs> {
  readonly name: string;
  readonly inputs: I;
  readonly outputs: O;
}

/** A template whatever its inputs and outputs are. */
export type AnyTemplate = Template<Inputs, Outputs>;

/** A plain object of the wire format. */
export type Wire = Readonly<Record<string, unknown>>;

/** What leaf templates get from the workflow template that holds them. */
export interface Surroundings {
  readonly workflowTemplate: string;
  /** Pods run as this ServiceAccount, without its token. */
  readonly serviceAccount: string;
  readonly placement: Placement | undefined;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never' | undefined;
  report(problem: Problem): void;
}

/** How a template is written out. */
export interface Definition {
  /** The templates that it runs. */
  readonly children: readonly AnyTemplate[];
  render(surroundings: Surroundings): Wire;
}

/** A template of another workflow template, run by reference. */
export interface Foreign {
  readonly workflowTemplate: string;
}

const definitions = new WeakMap<object, Definition>();
const foreigners = new WeakMap<object, Foreign>();

/** Make a template. */
export function define<I extends Inputs, O extends Outputs>(
  name: string,
  inputs: I,
  outputs: O,
  definition: Definition,
): Template<I, O> {
  const template = { name, inputs, outputs };
  definitions.set(template, definition);
  return template;
}

/** The same template seen from outside its workflow template. */
export function refer<T extends AnyTemplate>(template: T, foreign: Foreign): T {
  const reference = { ...template };
  foreigners.set(reference, foreign);
  return reference;
}

export const definitionOf = (template: AnyTemplate): Definition | undefined => definitions.get(template);
export const foreignOf = (template: AnyTemplate): Foreign | undefined => foreigners.get(template);

/** The fields that name a template in a task, step or hook. */
export function reference(template: AnyTemplate): Wire {
  const foreign = foreignOf(template);
  if (foreign === undefined) return { template: template.name };
  return { templateRef: { name: foreign.workflowTemplate, template: template.name } };
}
