/**
 * The type of a field: the name of a scalar, `any`, or the number of a type in the list. Generated from the
 * CustomResourceDefinition by generate.ts.
 */
export type Type = string | number;

interface CompoundType {
  /** An object with these fields. */
  readonly fields?: Readonly<Record<string, Type>>;
  readonly required?: readonly string[];
  /** A list of these. */
  readonly items?: Type;
  /** An object with any keys and these values. */
  readonly values?: Type;
}

/** The fields of a template, with what they hold of pods. */
export const TEMPLATE: {
  readonly root: Type;
  readonly types: readonly CompoundType[];
  // Not imported, which would cost every compilation the type of the whole list.
} = require('./template-fields.json');

/** Whether a value is of a scalar type, or the type is `any`. */
export function isScalar(value: unknown, type: string): boolean {
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
