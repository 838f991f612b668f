import type { MapValue } from '../expressions/values';
import type { Catalogue } from '../lint/catalogue';
import { fieldsOf, isSet, scalarText, textOf } from '../lint/fields';
import type { WorkflowObject } from '../lint/model';
import type { Clock } from './clock';
import { configMapValue } from './config-maps';
import type { GlobalOutputs } from './context';
import type { RunIdentity } from './executor';
import { timestamp } from './node-variables';
import { RunError } from './result';

/** The parameters of the workflow: what is given, else what it says. @throws {RunError} for those without a value. */
export function workflowParameters(
  specs: readonly WorkflowObject[],
  catalogue: Catalogue,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = specs.flatMap((each) => each.arguments.parameters);
  const known = new Set(declared.map((parameter) => parameter.name));
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined) {
    const names = [...known].join(', ') || '(none)';
    throw new RunError('arguments', `the workflow has no parameter "${unknown}"`, `use one of ${names}`);
  }
  const values: Record<string, string> = {};
  for (const { name, fields } of declared) {
    if (Object.hasOwn(values, name)) continue;
    const value = given[name] ?? scalarText(fields.value) ?? configMapValue(fields.valueFrom, catalogue);
    if (value === undefined)
      throw new RunError('arguments', `the parameter "${name}" has no value`, 'pass it in arguments');
    const choices = Array.isArray(fields.enum) ? fields.enum.map(scalarText) : undefined;
    if (choices !== undefined && !choices.includes(value)) {
      throw new RunError('arguments', `"${value}" is no value of "${name}"`, `use one of ${choices.join(', ')}`);
    }
    values[name] = value;
  }
  return values;
}

/** All parameters as the controller writes them for `workflow.parameters`. */
export function parameterList(parameters: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(parameters).map(([name, value]) => ({ name, value })));
}

/** The forms of `workflow.creationTimestamp`, and when a CronWorkflow was due: when the run began. */
export function creationTimes(workflow: WorkflowObject, clock: Clock): readonly [string, string][] {
  const start = timestamp(clock, 0);
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = start.split(/[-T:Z]/);
  const parts = Object.entries({ Y: year, m: month, d: day, H: hour, M: minute, S: second, RFC3339: start });
  const forms = [...parts, ['s', String(Date.parse(start) / 1000)] as const];
  return [
    ...forms.map(([form, text]): [string, string] => [`workflow.creationTimestamp.${form}`, text]),
    ...(workflow.kind === 'CronWorkflow' ? [['workflow.scheduledTime', start] satisfies [string, string]] : []),
  ];
}

/** How far a run has come. */
export interface Moment {
  readonly status: string;
  readonly duration: number;
  readonly failures: string | undefined;
}

/** `workflow.…` as every template sees it. */
export function globalVariables(
  workflow: WorkflowObject,
  run: RunIdentity,
  clock: Clock,
  parameters: Readonly<Record<string, string>>,
  outputs: GlobalOutputs,
  mainEntrypoint: string,
  moment: Moment,
): MapValue {
  const { metadata, spec } = workflow;
  const texts = (value: unknown): MapValue =>
    Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, item]) => [key, scalarText(item) ?? '']));
  const extra = fieldsOf(spec.fields.workflowMetadata);
  return {
    workflow: {
      ...run,
      creationTimestamp: timestamp(clock, 0),
      mainEntrypoint,
      serviceAccountName: textOf(spec.fields.serviceAccountName) ?? 'default',
      ...(isSet(spec.fields.priority) ? { priority: scalarText(spec.fields.priority) ?? '' } : {}),
      parameters: { json: parameterList(parameters), ...parameters },
      labels: { ...texts(metadata.fields.labels), ...texts(extra.labels) },
      annotations: { ...texts(metadata.fields.annotations), ...texts(extra.annotations) },
      // Grows while the workflow runs.
      outputs,
      status: moment.status,
      duration: String(moment.duration),
      ...(moment.failures === undefined ? {} : { failures: moment.failures }),
    },
  };
}
