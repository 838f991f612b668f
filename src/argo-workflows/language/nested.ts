import type { Inputs } from './inputs';
import { childrenOf, type NodeRecord } from './node-record';
import type { OutputsOf } from './outputs';
import { builderOutputs, renderBuilderOutputs, renderInputs } from './ports';
import { checkCount } from './quantities';
import { define, type Surroundings, type Template, type Wire } from './template';

/** What a builder callback has made. */
interface Nested<I extends Inputs, R> {
  readonly inputs: I;
  /** The handles that it returned, which become the outputs. */
  readonly returned: R;
  /** Whose handles may be used inside. */
  readonly owner: object;
  readonly records: readonly NodeRecord[];
  readonly parallelism: number | undefined;
}

/** A template that runs other templates: a DAG, or groups of steps. */
export function nestedTemplate<I extends Inputs, R>(
  name: string,
  where: string,
  { inputs, returned, owner, records, parallelism }: Nested<I, R>,
  render: (surroundings: Surroundings) => Wire,
): Template<I, OutputsOf<R>> {
  const outputs = returned ?? {};
  return define(name, inputs, builderOutputs(outputs) as OutputsOf<R>, {
    children: childrenOf(records),
    render: (surroundings) => {
      checkCount('parallelism', parallelism, 1, { where, report: surroundings.report });
      return {
        ...renderInputs(inputs, where, 'builder', surroundings),
        ...(parallelism === undefined ? {} : { parallelism }),
        ...render(surroundings),
        ...renderBuilderOutputs(outputs, owner, where, surroundings),
      };
    },
  });
}
