import { isList, isMap, type Value, ValueError } from './values';

/** Whether an item of a list meets the condition of a filter such as `@.age > 42`. */
export type Filter = (item: Value, condition: string) => boolean;

type Step =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'filter'; readonly condition: string }
  | { readonly kind: 'union'; readonly steps: readonly Step[] };

const DOT_NAME = /\.([^.[\]()'"\s]+)/y;
const BRACKET_NAME = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/;
const SLICE = /^(-?\d*):(-?\d*)$/;

/**
 * The value at a JSONPath, as Argo's `jsonpath` function gives it: one value for a path of names and indices, a list
 * for a path with a wildcard, a slice, a filter or `..`.
 *
 * @param satisfies whether an item meets the condition of a filter, as written between `?(` and `)`.
 * @throws {ValueError} when the path is malformed or leads nowhere.
 * @see https://goessner.net/articles/JsonPath/
 */
export function queryJsonPath(root: Value, path: string, satisfies: Filter): Value {
  const steps = parsePath(path);
  const definite = steps.every((step) => step.kind === 'key' || step.kind === 'index');
  let found: readonly Value[] = [root];
  for (const step of steps) {
    found = found.flatMap((value) => follow(value, step, satisfies));
    if (definite && found.length === 0) throw new ValueError(`nothing at ${path}`);
  }
  return definite ? (found[0] ?? null) : found;
}

function parsePath(path: string): readonly Step[] {
  if (!path.startsWith('$')) throw new ValueError(`a JSON path begins with "$": ${path}`);
  const steps: Step[] = [];
  let offset = 1;
  while (offset < path.length) {
    if (path.startsWith('..', offset)) {
      steps.push({ kind: 'descend' });
      offset += path.charAt(offset + 2) === '[' ? 2 : 1;
      continue;
    }
    DOT_NAME.lastIndex = offset;
    const name = DOT_NAME.exec(path);
    if (name !== null) {
      steps.push(name[1] === '*' ? { kind: 'all' } : { kind: 'key', name: name[1] ?? '' });
      offset = DOT_NAME.lastIndex;
      continue;
    }
    const end = path.charAt(offset) === '[' ? closingBracket(path, offset) : -1;
    if (end < 0) throw new ValueError(`malformed JSON path at column ${offset + 1}: ${path}`);
    steps.push(parseSubscript(path.slice(offset + 1, end).trim(), path));
    offset = end + 1;
  }
  return steps;
}

/** The `]` that closes the `[` at `start`, past strings and inner brackets; -1 when there is none. */
function closingBracket(path: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let index = start; index < path.length; index += 1) {
    const character = path.charAt(index);
    if (quote !== '') {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (character === '[') {
      depth += 1;
    } else if (character === ']') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

function parseSubscript(text: string, path: string): Step {
  const name = BRACKET_NAME.exec(text);
  if (name !== null) return { kind: 'key', name: (name[1] ?? name[2] ?? '').replace(/\\(.)/g, '$1') };
  if (text === '*') return { kind: 'all' };
  if (/^-?\d+$/.test(text)) return { kind: 'index', index: Number(text) };
  const slice = SLICE.exec(text);
  if (slice !== null) {
    const [, from = '', to = ''] = slice;
    return { kind: 'slice', ...(from === '' ? {} : { from: Number(from) }), ...(to === '' ? {} : { to: Number(to) }) };
  }
  if (text.startsWith('?(') && text.endsWith(')')) return { kind: 'filter', condition: text.slice(2, -1) };
  if (text.includes(','))
    return { kind: 'union', steps: text.split(',').map((part) => parseSubscript(part.trim(), path)) };
  throw new ValueError(`malformed JSON path: [${text}] in ${path}`);
}

function follow(value: Value, step: Step, satisfies: Filter): readonly Value[] {
  switch (step.kind) {
    case 'key':
      return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : [];
    case 'index': {
      const item = isList(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'all':
      return childrenOf(value);
    case 'descend':
      return [value, ...childrenOf(value).flatMap((child) => follow(child, step, satisfies))];
    case 'slice':
      return isList(value) ? value.slice(step.from, step.to) : [];
    case 'filter':
      return childrenOf(value).filter((child) => satisfies(child, step.condition));
    case 'union':
      return step.steps.flatMap((part) => follow(value, part, satisfies));
  }
}

function childrenOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}
