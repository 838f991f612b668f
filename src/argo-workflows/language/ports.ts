import { type ArgumentPlace, literalProblems, renderField } from './arguments';
import { originOf } from './artifact';
import { nodeOf, type Owner } from './expr';
import { markedExpression, textExpression } from './expression-text';
import { type Inputs, misfit } from './inputs';
import { duplicates, nameProblems } from './names';
import { absences, type Node, type ScalarType, textOf, typeOf } from './node';
import type { Outputs } from './outputs';
import type { Surroundings, Wire } from './template';

/** The `inputs` of a template; only a program finds its artifacts at a path. */
export function renderInputs(
  inputs: Inputs,
  where: string,
  kind: 'program' | 'builder',
  surroundings: Surroundings,
): Wire {
  const parameters: Wire[] = [];
  const artifacts: Wire[] = [];
  for (const [name, declared] of Object.entries(inputs)) {
    const place = `${where}, input "${name}"`;
    for (const problem of nameProblems('value', name, place)) surroundings.report(problem);
    if (declared.kind === 'parameter') {
      if (declared.default !== undefined) {
        const mistake = misfit(declared, declared.default);
        if (mistake !== undefined) {
          const fix = 'use a default of its type';
          surroundings.report({ where: place, what: `the default is ${mistake}`, value: declared.default, fix });
        }
      }
      parameters.push(renderParameterInput(name, declared, place, surroundings));
      continue;
    }
    if ((declared.path === undefined) === (kind === 'program')) {
      surroundings.report(
        kind === 'program'
          ? { where: place, what: 'an artifact without a path', fix: 'say where the program finds it' }
          : { where: place, what: 'a path in a template that runs no program', fix: 'remove the path' },
      );
    }
    if (declared.shared === true) continue;
    for (const problem of literalProblems(place, [declared.path, declared.location?.fields])) {
      surroundings.report(problem);
    }
    artifacts.push({
      name,
      ...(declared.path === undefined ? {} : { path: declared.path }),
      ...(declared.mode === undefined ? {} : { mode: declared.mode }),
      ...(declared.optional ? { optional: true } : {}),
      ...declared.location?.fields,
    });
  }
  const paths = artifacts.flatMap(({ path }) => (typeof path === 'string' ? [path] : []));
  for (const path of duplicates(paths)) {
    surroundings.report({ where, what: 'two artifacts at one path', value: path, fix: 'put one of them elsewhere' });
  }
  return ports('inputs', parameters, artifacts);
}

/** A parameter as a template or a workflow declares it. */
export function renderParameterInput(
  name: string,
  declared: Extract<Inputs[string], { kind: 'parameter' }>,
  where: string,
  surroundings: Pick<Surroundings, 'report'>,
  field: 'default' | 'value' = 'default',
): Wire {
  const literals = [declared.default, declared.enum, declared.description];
  for (const problem of literals.flatMap((literal) => literalProblems(where, literal))) surroundings.report(problem);
  const text =
    declared.default === undefined || declared.type !== 'json' ? declared.default : JSON.stringify(declared.default);
  const choices = declared.enum ?? (declared.type === 'boolean' ? ['true', 'false'] : undefined);
  return {
    name,
    ...(declared.description === undefined ? {} : { description: declared.description }),
    ...(text === undefined ? {} : { [field]: textOf(text) }),
    ...(choices === undefined ? {} : { enum: choices }),
  };
}

/** The `outputs` of a leaf template. */
export function renderOutputs(outputs: Outputs, where: string, surroundings: Surroundings): Wire {
  const parameters: Wire[] = [];
  const artifacts: Wire[] = [];
  for (const [name, declared] of Object.entries(outputs)) {
    const place = `${where}, output "${name}"`;
    for (const problem of nameProblems('value', name, place)) surroundings.report(problem);
    if (declared.kind === 'artifact') {
      if (declared.shared === true) continue;
      for (const problem of literalProblems(place, [declared.path, declared.fields])) surroundings.report(problem);
      artifacts.push({
        name,
        ...(declared.path === undefined ? {} : { path: declared.path }),
        ...(declared.optional ? { optional: true } : {}),
        ...declared.fields,
      });
    } else if (declared.source !== 'result' && declared.source !== 'ip') {
      for (const problem of literalProblems(place, Object.values(declared.valueFrom))) surroundings.report(problem);
      parameters.push({ name, valueFrom: declared.valueFrom });
    }
  }
  return ports('outputs', parameters, artifacts);
}

/** The outputs of a template whose builder returned handles. */
export function builderOutputs(returned: object): Outputs {
  return Object.fromEntries(
    Object.entries(returned).map(([name, value]) => {
      const origin = originOf(value);
      if (origin !== undefined) {
        const { optional, shared } = origin;
        return [name, { kind: 'artifact', optional, shared, fields: {} } as const];
      }
      const node = nodeOf(value);
      return [
        name,
        {
          kind: 'parameter',
          source: 'builder',
          type: writtenAs(node),
          valueFrom: { absent: absences(node).length > 0 },
        } as const,
      ];
    }),
  );
}

/** The `outputs` of a DAG or steps template. */
export function renderBuilderOutputs(returned: object, owner: Owner, where: string, surroundings: Surroundings): Wire {
  const parameters: Wire[] = [];
  const artifacts: Wire[] = [];
  for (const [name, value] of Object.entries(returned)) {
    const place: ArgumentPlace = { where: `${where}, output "${name}"`, owner, report: surroundings.report };
    for (const problem of nameProblems('value', name, place.where)) surroundings.report(problem);
    const origin = originOf(value);
    if (origin === undefined) {
      parameters.push({ name, valueFrom: renderSource(nodeOf(value), value, place) });
      continue;
    }
    if (origin.shared) continue;
    const path = origin.path.map((segment) => (typeof segment === 'string' ? segment : segment.name)).join('.');
    artifacts.push({ name, from: `{{${path}}}`, ...(origin.optional ? { optional: true } : {}) });
  }
  return ports('outputs', parameters, artifacts);
}

function renderSource(node: Node, value: unknown, place: ArgumentPlace): Wire {
  const type = writtenAs(node);
  const tag = renderField(node, type, value, place);
  // Argo takes only what a node gives for a parameter, not how it ended.
  const isGiven = node.kind === 'reference' && !['status', 'ip'].includes(String(node.path.at(-1)));
  if (isGiven && tag.startsWith('{{') && !tag.startsWith('{{=')) return { parameter: tag };
  return {
    expression: renderField(node, type, value, place, absences(node).length > 0 ? markedExpression : textExpression),
  };
}

/** How an output is written: a list that a loop gathered becomes the list of its values. */
function writtenAs(node: Node): ScalarType {
  const type = typeOf(node);
  return type === undefined || typeof type === 'object' || type === 'item' ? 'json' : type;
}

function ports(key: 'inputs' | 'outputs', parameters: readonly Wire[], artifacts: readonly Wire[]): Wire {
  if (parameters.length === 0 && artifacts.length === 0) return {};
  return {
    [key]: {
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(artifacts.length > 0 ? { artifacts } : {}),
    },
  };
}
