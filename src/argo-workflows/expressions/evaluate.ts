import type { Expression, ExpressionOf } from './ast';
import { BUILTIN_FUNCTIONS, stringArgument } from './builtins';
import { ExpressionError } from './expression-error';
import { queryJsonPath } from './jsonpath';
import { evaluateBinary, evaluateUnary } from './operations';
import { parseExpression } from './parser';
import { callPredicateFunction, isPredicateFunction, type Predicate } from './predicates';
import { SPRIG_FUNCTIONS } from './sprig';
import { isList, isMap, type MapValue, parseJson, typeName, type Value, ValueError } from './values';

/** What `#`, `#index` and `#acc` stand for in the innermost predicate. */
interface Pointers {
  readonly item: Value;
  readonly index: bigint;
  readonly accumulator?: Value;
}

interface Scope {
  readonly variables: MapValue;
  readonly locals: MapValue;
  readonly pointers?: Pointers;
}

/** Thrown by `?.` on nil, caught by the chain that contains it. */
const ABSENT = Symbol('absent');

/**
 * Evaluates an expression. Pure: the same expression and variables give the same value.
 *
 * Functions that read the clock or a random source are not evaluated and are an error, as is every name that is
 * not in `variables`. The controller checks types before it evaluates: what compares or combines literals of different
 * types, such as `1 == true`, it refuses, and is evaluated here.
 *
 * @param variables the values by first name, nested as written: `{ inputs: { parameters: { n: '1' } } }`;
 *   {@link expandNames} makes this from dotted names.
 * @throws {ExpressionError} with the position of the part that failed.
 */
export function evaluateExpression(expression: Expression, variables: MapValue, source = ''): Value {
  return new Evaluator(source).run(expression, { variables, locals: {} });
}

class Evaluator {
  constructor(private readonly source: string) {}

  run(node: Expression, scope: Scope): Value {
    try {
      return this.evaluate(node, scope);
    } catch (error) {
      if (error instanceof ValueError) throw new ExpressionError(error.message, this.source, node.start);
      throw error;
    }
  }

  private evaluate(node: Expression, scope: Scope): Value {
    switch (node.kind) {
      case 'nil':
        return null;
      case 'boolean':
      case 'integer':
      case 'float':
      case 'string':
        return node.value;
      case 'identifier':
        return lookUp(node.name, scope);
      case 'pointer':
        return this.pointer(node.name, scope);
      case 'unary':
        return evaluateUnary(node.operator, this.run(node.operand, scope));
      case 'binary':
        return this.binary(node, scope);
      case 'conditional':
        return this.condition(node.test, scope) ? this.run(node.consequent, scope) : this.run(node.alternate, scope);
      case 'member':
        return this.member(node, scope);
      case 'slice':
        return this.slice(node, scope);
      case 'chain':
        return this.chain(node, scope);
      case 'call':
        return this.call(node, scope);
      case 'predicate':
        return this.run(node.body, scope);
      case 'array':
        return node.elements.map((element) => this.run(element, scope));
      case 'map':
        return Object.fromEntries(
          node.entries.map((entry) => [this.mapKey(entry.key, scope), this.run(entry.value, scope)]),
        );
      case 'let': {
        const value = this.run(node.value, scope);
        return this.run(node.body, { ...scope, locals: { ...scope.locals, [node.name]: value } });
      }
      case 'sequence':
        return node.expressions.reduce<Value>((_, expression) => this.run(expression, scope), null);
    }
  }

  private condition(test: Expression, scope: Scope): boolean {
    const value = this.run(test, scope);
    if (typeof value !== 'boolean') throw new ValueError(`a condition is true or false, not ${typeName(value)}`);
    return value;
  }

  private binary(node: ExpressionOf<'binary'>, scope: Scope): Value {
    const { operator } = node;
    if (operator === 'and' || operator === '&&')
      return this.condition(node.left, scope) && this.condition(node.right, scope);
    if (operator === 'or' || operator === '||')
      return this.condition(node.left, scope) || this.condition(node.right, scope);
    const left = this.run(node.left, scope);
    if (operator === '??') return left === null ? this.run(node.right, scope) : left;
    return evaluateBinary(operator, left, this.run(node.right, scope));
  }

  private pointer(name: string, scope: Scope): Value {
    const { pointers } = scope;
    if (pointers === undefined) throw new ValueError('"#" stands only inside a predicate');
    if (name === '') return pointers.item;
    if (name === 'index') return pointers.index;
    if (name === 'acc' && pointers.accumulator !== undefined) return pointers.accumulator;
    throw new ValueError(`unknown pointer "#${name}"`);
  }

  private chain(node: ExpressionOf<'chain'>, scope: Scope): Value {
    try {
      return this.run(node.expression, scope);
    } catch (error) {
      if (error === ABSENT) return null;
      throw error;
    }
  }

  private member(node: ExpressionOf<'member'>, scope: Scope): Value {
    const object = this.run(node.object, scope);
    if (object === null && node.optional) throw ABSENT;
    return fetchMember(object, this.run(node.property, scope));
  }

  private slice(node: ExpressionOf<'slice'>, scope: Scope): Value {
    const object = this.run(node.object, scope);
    if (typeof object !== 'string' && !isList(object)) throw new ValueError(`cannot slice ${typeName(object)}`);
    const bound = (part: Expression | undefined, otherwise: number): number => {
      if (part === undefined) return otherwise;
      const index = toIndex(this.run(part, scope));
      return Math.max(0, index < 0 ? object.length + index : index);
    };
    const to = Math.min(bound(node.to, object.length), object.length);
    return object.slice(Math.min(bound(node.from, 0), to), to);
  }

  private mapKey(key: Expression, scope: Scope): string {
    const value = this.run(key, scope);
    if (typeof value !== 'string') throw new ValueError(`a map key is a string, not ${typeName(value)}`);
    return value;
  }

  private call(node: ExpressionOf<'call'>, scope: Scope): Value {
    const { callee } = node;
    if (callee.kind === 'identifier') {
      if (isPredicateFunction(callee.name)) return this.predicateCall(callee.name, node.arguments, scope);
      if (callee.name === 'jsonpath') return jsonpath(...this.values(node.arguments, scope));
      const builtin = BUILTIN_FUNCTIONS.get(callee.name);
      if (builtin !== undefined) return builtin(...this.values(node.arguments, scope));
      throw new ValueError(`function "${callee.name}" is unknown or cannot be evaluated here`);
    }
    if (callee.kind === 'member' && callee.object.kind === 'identifier' && callee.object.name === 'sprig') {
      const name = callee.property.kind === 'string' ? callee.property.value : '';
      const sprig = SPRIG_FUNCTIONS.get(name);
      if (sprig !== undefined) return sprig(...this.values(node.arguments, scope));
      throw new ValueError(`function "sprig.${name}" is unknown or cannot be evaluated here`);
    }
    throw new ValueError('only named functions can be called');
  }

  private values(nodes: readonly Expression[], scope: Scope): Value[] {
    return nodes.map((node) => this.run(node, scope));
  }

  private predicateCall(name: string, nodes: readonly Expression[], scope: Scope): Value {
    const [listNode, predicateNode, extraNode] = nodes;
    const list = listNode === undefined ? null : this.run(listNode, scope);
    const items = isMap(list) ? Object.values(list) : list;
    if (!isList(items)) throw new ValueError(`"${name}" needs a list, not ${typeName(list)}`);
    const predicate: Predicate | undefined =
      predicateNode === undefined
        ? undefined
        : (item, index, accumulator) =>
            this.run(predicateNode, {
              ...scope,
              pointers: {
                item,
                index: BigInt(index),
                ...(accumulator === undefined ? {} : { accumulator }),
              },
            });
    const extra = extraNode === undefined ? undefined : this.run(extraNode, scope);
    return callPredicateFunction(name, items, predicate, extra);
  }
}

/** Argo's `jsonpath(text, path)`. */
function jsonpath(text?: Value, path?: Value): Value {
  return queryJsonPath(parseJson(stringArgument(text, 'jsonpath')), stringArgument(path, 'jsonpath'), satisfies);
}

const STRING_OR_ITEM = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|@/g;

/** A filter compares parts of the item, written `@.part`; an item without the part does not match. */
function satisfies(item: Value, condition: string): boolean {
  const source = condition.replace(STRING_OR_ITEM, (part) => (part === '@' ? '$item' : part));
  try {
    const result = evaluateExpression(parseExpression(source), { $item: item }, source);
    return result !== null && result !== false;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

function lookUp(name: string, scope: Scope): Value {
  for (const names of [scope.locals, scope.variables]) {
    if (Object.hasOwn(names, name)) return names[name] ?? null;
  }
  throw new ValueError(`unknown name "${name}"`);
}

/** `object[key]`: an absent key of a map is nil, an index outside a list is an error. */
export function fetchMember(object: Value, key: Value): Value {
  if (isMap(object)) {
    if (typeof key !== 'string') throw new ValueError(`a map has names for keys, not ${typeName(key)}`);
    return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
  }
  if (isList(object)) {
    const index = toIndex(key);
    const at = index < 0 ? object.length + index : index;
    if (at < 0 || at >= object.length) {
      throw new ValueError(`index out of range: ${index} (array length is ${object.length})`);
    }
    return object[at] ?? null;
  }
  const name = typeof key === 'string' ? key : String(key);
  throw new ValueError(`cannot fetch ${name} from ${object === null ? '<nil>' : typeName(object)}`);
}

function toIndex(value: Value): number {
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    throw new ValueError(`an index is an integer, not ${typeName(value)}`);
  }
  return Math.trunc(Number(value));
}
