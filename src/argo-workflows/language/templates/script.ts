import type { Inputs } from '../inputs';
import type { ProgramOutputs } from '../outputs';
import type { Command } from '../program';
import type { Template } from '../template';
import { type ContainerTemplateProps, program } from './container';

/** Fields of a template that runs a short program which is written here. */
export interface ScriptProps<Scope extends string, I extends Inputs, O extends ProgramOutputs>
  extends Omit<ContainerTemplateProps<Scope, I, O, Command>, 'args'> {
  /** The interpreter, such as `python`; it gets the name of a file with the source. */
  readonly command: Command;
  /** The program. It is text only: values travel by `env`, so that none can become code. */
  readonly source: string;
}

/**
 * A template that runs a short program which is written here.
 *
 * @param name unique in its workflow template
 */
export function script<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  const O extends ProgramOutputs = Record<never, never>,
>(name: Name, props: ScriptProps<`script ${Name}`, I, O>): Template<I, O> {
  const { source, ...rest } = props;
  const all = rest as unknown as Parameters<typeof program>[1];
  return program(name, all, props.inputs ?? ({} as I), props.outputs ?? ({} as O), 'script', { source });
}
