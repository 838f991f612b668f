import { type ArgumentPlace, renderField } from '../arguments';
import { isHandle, nodeOf } from '../expr';
import type { Inputs } from '../inputs';
import type { Outputs } from '../outputs';
import type { Patch } from '../patch';
import { renderInputs, renderOutputs } from '../ports';
import { type ProgramContext, programContext } from '../program';
import { structureProblems } from '../raw/structure';
import { define, type Template } from '../template';

/** Fields of a template in the words of Argo. */
export interface RawProps<Scope extends string, I extends Inputs, O extends Outputs> {
  /** What it takes. @default - nothing */
  readonly inputs?: I;
  /** What it gives. @default - nothing */
  readonly outputs?: O;
  /**
   * All other fields of the wire format; values may stand at their leaves, as a whole. Nothing is added, so that it must
   * bring its own security context, resources, deadline and retries.
   */
  readonly template: (context: ProgramContext<Scope, I, O>) => Readonly<Record<string, Patch<Scope>>>;
}

/**
 * A template in the words of Argo, for what the language does not say. Its fields are checked against those that the
 * API server knows, and tasks use it like any other.
 *
 * @param name unique in its workflow template
 */
export function raw<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  const O extends Outputs = Record<never, never>,
>(name: Name, props: RawProps<`raw ${Name}`, I, O>): Template<I, O> {
  const inputs = props.inputs ?? ({} as I);
  const outputs = props.outputs ?? ({} as O);
  const owner = {};
  return define(name, inputs, outputs, {
    children: [],
    render: (surroundings) => {
      const place = { where: `raw "${name}"`, owner, report: surroundings.report };
      const context = programContext(inputs, outputs, owner) as unknown as ProgramContext<`raw ${Name}`, I, O>;
      const template = {
        ...renderInputs(inputs, place.where, 'program', surroundings),
        ...renderOutputs(outputs, place.where, surroundings),
        ...(fill(props.template(context), place) as Readonly<Record<string, unknown>>),
      };
      for (const problem of structureProblems({ name, ...template }, place.where)) place.report(problem);
      return template;
    },
  });
}

/** The fields with their values as tags. */
function fill(value: unknown, place: ArgumentPlace): unknown {
  if (isHandle(value)) return renderField({ kind: 'text', of: nodeOf(value) }, 'string', value, place);
  if (Array.isArray(value)) return value.map((member) => fill(member, place));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, place)]));
}
