import { renderField } from '../arguments';
import { type Expr, nodeOf } from '../expr';
import type { Inputs, ParameterInput } from '../inputs';
import type { ParameterOutput } from '../outputs';
import { renderInputs, renderParameterInput } from '../ports';
import { type Given, given } from '../program';
import { checkQuantity, type Duration } from '../quantities';
import { type InputHandles, inputHandles } from '../tasks';
import { define, type Template } from '../template';

/** What a person is asked; each answer becomes an output. */
export type Answers = Readonly<Record<string, ParameterInput<unknown, boolean>>>;

/** The outputs of a pause: the answers. */
export type AnswerOutputs<A extends Answers> = {
  readonly [K in keyof A]: A[K] extends ParameterInput<infer T, boolean>
    ? ParameterOutput<T, 'present', 'supplied'>
    : never;
};

/** Fields of a template that waits. */
export interface SuspendProps<Scope extends string, I extends Inputs, A extends Answers> {
  /** What it shows. @default - nothing */
  readonly inputs?: I;
  /** What a person answers, as a form in the Argo UI. @default - only that the workflow goes on */
  readonly answers?: A;
  /**
   * How long it waits; afterwards the workflow goes on with the answers by default, and fails where one has none.
   * @default - until somebody resumes it
   */
  readonly duration?: Given<Duration | Expr<string, Scope>, { readonly inputs: InputHandles<I, Scope> }>;
}

/**
 * A template that waits: for a time, or for a person.
 *
 * @param name unique in its workflow template
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/intermediate-inputs/
 */
export function suspend<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  const A extends Answers = Record<never, never>,
>(name: Name, props: SuspendProps<`suspend ${Name}`, I, A>): Template<I, AnswerOutputs<A>> {
  const inputs = props.inputs ?? ({} as I);
  const answers: Answers = props.answers ?? {};
  const owner = {};
  const outputs = Object.fromEntries(
    Object.entries(answers).map(([answer, declared]) => [
      answer,
      { kind: 'parameter', source: 'supplied', type: declared.type, valueFrom: { supplied: {} } } as const,
    ]),
  );
  return define(name, inputs, outputs as unknown as AnswerOutputs<A>, {
    children: [],
    render: (surroundings) => {
      const where = `suspend "${name}"`;
      for (const answer of Object.keys(answers).filter((each) => each in inputs)) {
        const fix = 'rename one of them';
        surroundings.report({ where, what: 'an answer has the name of an input', value: answer, fix });
      }
      const shown = renderInputs(inputs, where, 'builder', surroundings).inputs as
        | { readonly parameters?: readonly unknown[] }
        | undefined;
      // The UI builds its form from inputs of the same names, each of which needs something to begin with. Argo takes a
      // `default` for the answer when the time is up, but not a `value`.
      const asked = Object.entries(answers).map(([answer, declared]) => {
        const form = renderParameterInput(answer, declared, `${where}, answer "${answer}"`, surroundings);
        const [first = ''] = (form.enum ?? []) as readonly string[];
        return 'default' in form ? form : { ...form, value: first };
      });
      const context = { inputs: inputHandles(inputs, owner) as InputHandles<I, `suspend ${Name}`> };
      const duration = props.duration === undefined ? undefined : given(props.duration, context);
      if (typeof duration === 'string') checkQuantity('duration', duration, { where, report: surroundings.report });
      const parameters = [...(shown?.parameters ?? []), ...asked];
      return {
        ...(parameters.length === 0 ? {} : { inputs: { parameters } }),
        suspend:
          duration === undefined
            ? {}
            : {
                duration: renderField(nodeOf(duration), 'string', duration, {
                  where,
                  owner,
                  report: surroundings.report,
                }),
              },
        ...(asked.length === 0
          ? {}
          : {
              outputs: {
                parameters: Object.keys(answers).map((answer) => ({ name: answer, valueFrom: { supplied: {} } })),
              },
            }),
      };
    },
  });
}
