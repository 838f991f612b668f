import type { MapValue, Value } from '../expressions/values';
import { fieldsOf, scalarText } from '../lint/fields';
import type { Call, Template } from '../lint/model';
import type { Clock } from './clock';
import { flatten, type RunNode } from './result';

/** Seconds since the run began, as the controller writes a time. */
export function timestamp(clock: Clock, seconds: number): string {
  return new Date(clock.epoch + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** What others see of a node as `steps.NAME` or `tasks.NAME`. */
export interface NodeVariables {
  readonly variables: MapValue;
  /** Whole lists by the rest of their name, such as `outputs.parameters`. */
  readonly texts: readonly (readonly [string, string])[];
}

/** The variables of a step or task that has ended. */
export function nodeVariables(node: RunNode, call: Call, template: Template | undefined, clock: Clock): NodeVariables {
  const common: Record<string, Value> = {
    id: node.name,
    status: node.phase,
    startedAt: timestamp(clock, node.startedAt),
    finishedAt: timestamp(clock, node.finishedAt),
    hostNodeName: 'localhost',
    ...(node.address === undefined ? {} : { ip: node.address }),
  };
  if (node.phase === 'Skipped' || node.phase === 'Omitted') {
    return { variables: { ...common, ...absentOutputs(template) }, texts: [] };
  }
  if (call.loop !== undefined) return aggregate(node, common);
  const { parameters, artifacts, result, exitCode } = node.outputs;
  const outputs: Record<string, Value> = {
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(Object.keys(artifacts).length > 0 ? { artifacts } : {}),
    ...(result === undefined ? {} : { result }),
  };
  const variables = {
    ...common,
    ...(exitCode === undefined ? {} : { exitCode: String(exitCode) }),
    ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
  };
  return { variables, texts: [] };
}

/** Output parameters of something that did not run: their default, or absent. It has no result, not even an absent one. */
function absentOutputs(template: Template | undefined): MapValue {
  const declared = template?.outputs.parameters ?? [];
  if (declared.length === 0) return {};
  const parameters = declared.map(({ name, fields }) => {
    return [name, scalarText(fieldsOf(fields.valueFrom).default) ?? null];
  });
  return { outputs: { parameters: Object.fromEntries(parameters) } };
}

/** The outputs of a loop: lists of what its successful runs gave, in the order of the items. */
function aggregate(group: RunNode, common: MapValue): NodeVariables {
  const succeeded = group.children.filter((child) => child.phase === 'Succeeded');
  const withParameters = succeeded.filter((child) => Object.keys(child.outputs.parameters).length > 0);
  const lists = new Map<string, string[]>();
  for (const { outputs } of succeeded) {
    for (const [name, value] of Object.entries(outputs.parameters))
      lists.set(name, [...(lists.get(name) ?? []), value]);
  }
  const results = succeeded.flatMap((child) => (child.outputs.result === undefined ? [] : [child.outputs.result]));
  const resultList = parseAll(results);
  const outputs: Record<string, Value> = {
    ...(lists.size > 0
      ? { parameters: Object.fromEntries([...lists].map(([name, list]) => [name, jsonList(list)])) }
      : {}),
    // Without JSON in every result, the controller ends the loop in an error; here nothing resolves to it.
    ...(resultList === undefined ? {} : { result: JSON.stringify(resultList) }),
  };
  const texts = [
    ['outputs.parameters', JSON.stringify(withParameters.map((child) => child.outputs.parameters))],
  ] as const;
  return { variables: { ...common, outputs }, texts };
}

/** A JSON list: of lists and maps when every text is one, else of the texts. */
function jsonList(texts: readonly string[]): string {
  const values = parseAll(texts);
  const structured = values?.every((value) => typeof value === 'object' && value !== null) === true;
  return JSON.stringify(structured ? values : texts);
}

function parseAll(texts: readonly string[]): readonly unknown[] | undefined {
  try {
    return texts.map((text): unknown => JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The nodes that `workflow.failures` lists, as JSON within a quoted text, the way the controller writes it. */
export function failuresText(root: RunNode, clock: Clock): string {
  const failed = flatten(root).filter((node) => node.phase === 'Failed' || node.phase === 'Error');
  const list = failed.map((node) => ({
    displayName: node.displayName,
    message: node.message,
    templateName: node.template,
    phase: node.phase,
    podName: node.name,
    finishedAt: timestamp(clock, node.finishedAt),
  }));
  return JSON.stringify(list.length === 0 ? 'null' : JSON.stringify(list));
}

/** Whether a daemon goes on serving; it counts as done once it is ready. */
export function isDaemon(template: Template): boolean {
  return template.fields.daemon === true;
}
