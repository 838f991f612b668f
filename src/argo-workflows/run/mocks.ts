import { type Fields, fieldsOf, listOf, textOf } from '../lint/fields';
import type { Template } from '../lint/model';
import { type NodeOutputs, RunError } from './result';

/** What a mock is told about the step that it stands in for. */
export interface MockCall {
  /** The name of the node, such as `train.fit(0)`. */
  readonly node: string;
  /** The step or task that calls the template. */
  readonly task: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What the mocks before gave for the artifacts that go in. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** From 0; grows with each retry. */
  readonly attempt: number;
  /** The template with every tag filled in, for assertions on arguments and environment. */
  readonly template: Fields;
}

/** What the step does instead of running. Everything may be left out. */
export interface MockOutcome {
  /** Output parameters by name; others get the default of the template, or a text that names them. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly artifacts?: Readonly<Record<string, string>>;
  /** @default '' */
  readonly result?: string;
  /**
   * Anything but 0 fails the step.
   *
   * @default 0
   */
  readonly exitCode?: number;
  /** An error of the platform, such as a deleted pod: the phase is Error instead of Failed. */
  readonly error?: string;
  /**
   * Seconds of the virtual clock.
   *
   * @default 1
   */
  readonly seconds?: number;
}

/** A function per template, or the same outcome every time. */
export type Mock = MockOutcome | ((call: MockCall) => MockOutcome);

/** Runs a mock, or makes up outputs where there is none. */
export function runMock(mock: Mock | undefined, call: MockCall): MockOutcome {
  return typeof mock === 'function' ? mock(call) : (mock ?? {});
}

/**
 * The outputs of a step whose program ended well.
 *
 * @throws {RunError} for outputs that the template does not declare.
 */
export function mockOutputs(template: Template, outcome: MockOutcome, resolved: Fields): NodeOutputs {
  for (const kind of ['parameters', 'artifacts'] as const) {
    const declared = template.outputs[kind].map((output) => output.name);
    const unknown = Object.keys(outcome[kind] ?? {}).find((name) => !declared.includes(name));
    if (unknown === undefined) continue;
    const what = `the mock gives the output "${unknown}", which the template does not declare`;
    throw new RunError(template.name, what, `use one of ${declared.join(', ') || '(none)'}`);
  }
  const written = new Map(
    listOf(fieldsOf(resolved.outputs).parameters).map((output) => [fieldsOf(output).name, output]),
  );
  const parameters = template.outputs.parameters.map(({ name }) => {
    const output = fieldsOf(written.get(name));
    const fallback = textOf(output.value) ?? textOf(fieldsOf(output.valueFrom).default) ?? `${template.name}-${name}`;
    return [name, outcome.parameters?.[name] ?? fallback];
  });
  const artifacts = template.outputs.artifacts.map(({ name }) => [
    name,
    outcome.artifacts?.[name] ?? `${template.name}-${name}`,
  ]);
  return {
    parameters: Object.fromEntries(parameters),
    artifacts: Object.fromEntries(artifacts),
    result: outcome.result ?? '',
    exitCode: 0,
  };
}
