import type { Problem } from '../problem';

/**
 * The type of a field: the name of a scalar, `any`, or the number of a type in the list. Generated from the
 * CustomResourceDefinition by generate.ts.
 */
type Type = string | number;

interface CompoundType {
  /** An object with these fields. */
  readonly fields?: Readonly<Record<string, Type>>;
  readonly required?: readonly string[];
  /** A list of these. */
  readonly items?: Type;
  /** An object with any keys and these values. */
  readonly values?: Type;
}

// Not imported, which would cost every compilation the type of the whole list.
const FIELDS: { readonly root: Type; readonly types: readonly CompoundType[] } = require('./template-fields.json');

/** What the API server would refuse, or silently drop, in the fields of a template. */
export function structureProblems(template: unknown, where: string): readonly Problem[] {
  return check(template, FIELDS.root, where, '');
}

function check(value: unknown, type: Type, where: string, path: string): readonly Problem[] {
  const wrong = (expected: string): readonly Problem[] => [
    { where, what: `field "${path}" is not ${expected}`, value, fix: 'see the field reference of Argo Workflows' },
  ];
  if (typeof type === 'string') return isScalar(value, type) ? [] : wrong(`of type ${type}`);
  const { fields: known, required = [], items, values } = FIELDS.types[type] ?? {};
  if (items !== undefined) {
    if (!Array.isArray(value)) return wrong('a list');
    return value.flatMap((member, index) => check(member, items, where, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('an object');
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const entries = Object.entries(value);
  if (values !== undefined) return entries.flatMap(([key, member]) => check(member, values, where, at(key)));
  const fix = `use one of: ${Object.keys(known ?? {}).join(', ')}`;
  return [
    ...entries.flatMap(([key, member]) => {
      const inner = known?.[key];
      if (inner !== undefined) return check(member, inner, where, at(key));
      return [{ where, what: 'unknown field, which Kubernetes would drop', value: at(key), fix }];
    }),
    ...required
      .filter((key) => !(key in value))
      .map((key) => ({ where, what: `field "${at(key)}" is missing`, fix: 'add it' })),
  ];
}

function isScalar(value: unknown, type: string): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'int-or-string':
      return Number.isInteger(value) || typeof value === 'string';
    default:
      return typeof value === type;
  }
}
