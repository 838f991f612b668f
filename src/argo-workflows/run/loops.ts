import { goJson, isList, isMap, parseJson, type Value, ValueError, valueFromJson } from '../expressions/values';
import { fieldsOf, isSet, listOf, scalarText } from '../lint/fields';
import type { Call } from '../lint/model';
import { RunError } from './result';
import { extendScope, type Scope, substituteAll, substituteText } from './scope';

/** The largest loop that is expanded. */
const MAX_ITEMS = 100_000;

/** The items of a loop. @throws {RunError} when its list is none. */
export function loopItems(call: Call, scope: Scope, where: string): readonly Value[] {
  if (call.loop === 'withItems') {
    return listOf(call.fields.withItems).map((item) => valueFromJson(substituteAll(item, scope, where)));
  }
  if (call.loop === 'withSequence') return sequenceItems(call, scope, where);
  const text = substituteText(scalarText(call.fields.withParam) ?? JSON.stringify(call.fields.withParam), scope, where);
  try {
    const list = parseJson(text);
    if (isList(list)) return list;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
  throw new RunError(where, `withParam is no JSON list: ${text.slice(0, 60)}`, 'make it one');
}

function sequenceItems(call: Call, scope: Scope, where: string): readonly Value[] {
  const sequence = fieldsOf(substituteAll(call.fields.withSequence, scope, where));
  const number = (field: string): number => {
    const text = scalarText(sequence[field]) ?? '0';
    if (/^-?\d+$/.test(text)) return Number(text);
    throw new RunError(where, `withSequence.${field} is no integer: ${text}`, 'make it one');
  };
  const start = number('start');
  const given = number('count');
  if (!isSet(sequence.end) && given === 0) return [];
  // The controller makes an end of a count, also of a negative one, which then counts down.
  const end = isSet(sequence.end) ? number('end') : start + given - 1;
  const count = Math.abs(end - start) + 1;
  if (count > MAX_ITEMS) throw new RunError(where, `the sequence has ${count} items`, `make it at most ${MAX_ITEMS}`);
  const step = end < start ? -1 : 1;
  return Array.from({ length: count }, (_, index) =>
    formatNumber(scalarText(sequence.format), start + index * step, where),
  );
}

/** Go's `%d`, `%03d`, `%x` and `%X` within a text. */
function formatNumber(format: string | undefined, value: number, where: string): string {
  if (format === undefined || format === '') return String(value);
  const text = format.replace(/%(0?)(\d*)([dxX])/g, (_, zero: string, width: string, verb: string) => {
    const digits = verb === 'd' ? String(value) : value.toString(16);
    return (verb === 'X' ? digits.toUpperCase() : digits).padStart(Number(width || 0), zero === '' ? ' ' : '0');
  });
  if (/%[^%]/.test(text)) throw new RunError(where, `the format "${format}" is not supported`, 'use %d, %03d or %x');
  return text;
}

/** A scope with `item`, and the item as it appears in the name of the node. */
export function itemScope(scope: Scope, item: Value): { readonly scope: Scope; readonly label: string } {
  // The controller takes parentheses out, which separate the number of an item from its text.
  const named = (text: string): string => text.replace(/[()]/g, '');
  if (isMap(item)) {
    const fields = Object.fromEntries(Object.entries(item).map(([key, value]) => [key, escapedText(value)]));
    const texts = Object.entries(fields).map(([key, text]): [string, string] => [`item.${key}`, text]);
    const label = Object.entries(fields)
      .map(([key, text]) => `${key}:${text}`)
      .sort()
      .join(',');
    // An expression sees the same texts as a tag.
    return { scope: extendScope(scope, { item: fields }, [['item', goJson(item)], ...texts]), label: named(label) };
  }
  if (isList(item)) {
    const label = `[${item.map(escapedText).join(' ')}]`;
    const text = goJson(item);
    return { scope: extendScope(scope, { item: text }, [['item', text]]), label: named(label) };
  }
  const text = typeof item === 'string' ? item : goJson(item);
  return { scope: extendScope(scope, { item: text }, [['item', text]]), label: named(escapedText(item)) };
}

/** What the controller prints of a value: JSON, of a text without the quotes around it but with what they escape. */
function escapedText(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : goJson(value);
}
