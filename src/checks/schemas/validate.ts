import { formatFieldPath } from './field-path';
import { type KindSchema, resolve, type Schema } from './schema';
import { unknownFieldFix } from './unknown-field';

/** A place where an object does not fit the schema of its kind. */
export interface SchemaProblem {
  /** Path of the field, such as `spec.template.spec.containers[0].image`. */
  readonly field: string;
  readonly what: string;
  readonly got?: unknown;
  readonly fix: string;
}

/** Finds every place where a value does not fit a schema: unknown and missing fields, types, enums and bounds. */
export function validate(value: unknown, schema: KindSchema): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const path: (string | number)[] = [];

  function report(what: string, fix: string, got?: unknown): void {
    problems.push({ field: formatFieldPath(path), what, ...(got !== undefined && { got }), fix });
  }

  function visit(value: unknown, reference: Schema): void {
    const node = resolve(reference, schema);
    if (node.type !== undefined && !hasType(value, node.type)) {
      report(`must be ${describeType(node.type)}`, typeFix(value, node.type), value);
      return;
    }
    if (node.enum && !node.enum.some((allowed) => allowed === value)) {
      report('is not one of the allowed values', `write one of ${node.enum.join(', ')}`, value);
    }
    if (Array.isArray(value)) visitList(value, node);
    else if (typeof value === 'object' && value !== null) visitObject(value as Record<string, unknown>, node);
    else if (typeof value === 'number') visitNumber(value, node);
    else if (typeof value === 'string') visitString(value, node);
  }

  function visitObject(value: Record<string, unknown>, node: Schema): void {
    const { properties, additionalProperties } = node;
    const fields = Object.keys(value);
    for (const field of fields) {
      if (value[field] === undefined) continue;
      path.push(field);
      const known = properties && Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
      if (known) visit(value[field], known);
      else if (known === false) report(`unknown field "${field}"`, unknownFieldFix(path, node, schema));
      path.pop();
    }
    for (const field of node.required ?? []) {
      if (value[field] !== undefined) continue;
      path.push(field);
      const type = resolve(properties?.[field] ?? {}, schema).type;
      report('is required', `set it${type === undefined ? '' : `, to ${describeType(type)}`}`);
      path.pop();
    }
    if (below(fields.length, node.minProperties)) report('has too few fields', `give at least ${node.minProperties}`);
    if (above(fields.length, node.maxProperties)) report('has too many fields', `give at most ${node.maxProperties}`);
  }

  function visitList(value: readonly unknown[], node: Schema): void {
    const { items } = node;
    if (items) {
      value.forEach((item, index) => {
        path.push(index);
        visit(item, items);
        path.pop();
      });
    }
    if (below(value.length, node.minItems)) report('has too few items', `give at least ${node.minItems}`);
    if (above(value.length, node.maxItems)) report('has too many items', `give at most ${node.maxItems}`);
    const keys = node['x-kubernetes-list-map-keys'];
    if (keys)
      reportDuplicates(
        value.map((item) => keys.map((key) => fieldOf(item, key))),
        keys.join(' and '),
      );
    else if (node.uniqueItems) reportDuplicates(value, 'value');
  }

  function reportDuplicates(keys: readonly unknown[], what: string): void {
    const first = new Map<string, number>();
    keys.forEach((key, index) => {
      const text = JSON.stringify(key);
      const earlier = first.get(text);
      if (earlier === undefined) {
        first.set(text, index);
        return;
      }
      path.push(index);
      report(`has the same ${what} as item ${earlier}`, 'remove one of the two, or rename it');
      path.pop();
    });
  }

  function visitNumber(value: number, node: Schema): void {
    if (node.format === 'int32' && Math.abs(value) > 2 ** 31 - 1) {
      report('does not fit into 32 bits', `write a number of at most ${2 ** 31 - 1}`, value);
    }
    if (below(value, node.minimum)) report('is too small', `write at least ${node.minimum}`, value);
    if (above(value, node.maximum)) report('is too large', `write at most ${node.maximum}`, value);
  }

  function visitString(value: string, node: Schema): void {
    if (below(value.length, node.minLength))
      report('is too short', `write at least ${node.minLength} characters`, value);
    if (above(value.length, node.maxLength)) report('is too long', `write at most ${node.maxLength} characters`, value);
    if (node.pattern === undefined || patternOf(node.pattern).test(value)) return;
    if (isQuantity(node)) report('is not a quantity', 'write a number with a unit, such as 500m, 2 or 512Mi', value);
    else report('has the wrong form', `write what ${node.pattern} describes`, value);
  }

  visit(value, schema);
  return problems;
}

function hasType(value: unknown, type: string | readonly string[]): boolean {
  return typeof type === 'string' ? isA(value, type) : type.some((one) => isA(value, one));
}

function isA(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

const ARTICLES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'an integer',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

function describeType(type: string | readonly string[]): string {
  return (typeof type === 'string' ? [type] : type).map((one) => ARTICLES[one] ?? one).join(' or ');
}

function typeFix(value: unknown, type: string | readonly string[]): string {
  const accepts = (one: string) => type === one || (typeof type !== 'string' && type.includes(one));
  if (value === null) return 'set it, or leave it out';
  if (accepts('array')) return 'put it into a list';
  const unquoted =
    typeof value === 'string' &&
    ((/^-?\d+$/.test(value) && accepts('integer')) || (/^(true|false)$/.test(value) && accepts('boolean')));
  if (unquoted) return 'write it without quotes';
  if (typeof value !== 'object' && accepts('string')) return 'write it in quotes';
  return `give ${describeType(type)}`;
}

function isQuantity({ pattern = '' }: Schema): boolean {
  return pattern.includes('[KMGTPE]i');
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, known);
  return known;
}

function fieldOf(item: unknown, field: string): unknown {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[field] : undefined;
}

function below(value: number, bound: number | undefined): boolean {
  return bound !== undefined && value < bound;
}

function above(value: number, bound: number | undefined): boolean {
  return bound !== undefined && value > bound;
}
