import type { z } from 'zod';
import type { Problem } from '../problem';

/** What the schema library found, in words for people: where, what, the value and what to do. */
export function toProblems(cluster: string, issue: z.core.$ZodIssue): Problem[] {
  const where = [cluster, ...issue.path.map(String)].join('.');
  const got = showable(issue.input);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        where: `${where}.${key}`,
        what: 'there is no such setting',
        fix: 'remove it or correct its name',
      }));
    case 'custom':
      return [{ where, what: issue.message, got, fix: String(issue.params?.fix ?? 'write another value') }];
    case 'invalid_key':
      return issue.issues.flatMap((one) => toProblems(cluster, { ...one, path: issue.path }));
    case 'invalid_type':
      return issue.input === undefined
        ? [{ where, what: 'is missing', fix: `add it: ${kinds[issue.expected] ?? issue.expected}` }]
        : [{ where, what: 'is of the wrong kind', got, fix: `write ${kinds[issue.expected] ?? issue.expected}` }];
    case 'invalid_value':
      return [choice(where, issue.input, issue.values)];
    case 'invalid_union': {
      // A union's input is the whole object; what was not recognised is the field that tells its kinds apart.
      const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
      const key = issue.path.at(-1);
      return [choice(where, key === undefined ? undefined : fieldOf(issue.input, String(key)), options)];
    }
    case 'too_small':
      return [{ where, what: `is too ${sizes[issue.origin] ?? 'small'}`, got, fix: `write at least ${issue.minimum}` }];
    case 'too_big':
      return [{ where, what: 'is too large', got, fix: `write at most ${issue.maximum}` }];
    default:
      return [{ where, what: issue.message, got, fix: 'write another value' }];
  }
}

/** What to write where the schema names a type. */
const kinds: Readonly<Record<string, string>> = {
  array: 'a list, in brackets',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object, in braces',
  record: 'an object, in braces',
  string: 'a text, in quotes',
};

const sizes: Readonly<Record<string, string>> = { string: 'short' };

function choice(where: string, input: unknown, options: readonly unknown[]): Problem {
  const values = options.map((option) => JSON.stringify(option)).join(', ');
  return input === undefined
    ? { where, what: 'is missing', fix: `add it: one of ${values}` }
    : { where, what: 'is not one of the values it may have', got: showable(input), fix: `write one of ${values}` };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** Whole objects would bury the message. */
function showable(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? undefined : value;
}
