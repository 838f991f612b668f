import type { Problem } from '../problem';
import { isScalar, TEMPLATE, type Type } from './definition';

/** What the API server would refuse, or silently drop, in the fields of a template. */
export function structureProblems(template: unknown, where: string): readonly Problem[] {
  return check(template, TEMPLATE.root, where, '');
}

function check(value: unknown, type: Type, where: string, path: string): readonly Problem[] {
  const wrong = (expected: string): readonly Problem[] => [
    { where, what: `field "${path}" is not ${expected}`, value, fix: 'see the field reference of Argo Workflows' },
  ];
  if (typeof type === 'string') return isScalar(value, type) ? [] : wrong(`of type ${type}`);
  const { fields: known, required = [], items, values } = TEMPLATE.types[type] ?? {};
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
