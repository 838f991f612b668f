/** A part of a template's text: plain text, `{{a.b}}`, or `{{= expression }}`. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string; readonly start: number }
  /** `name` is trimmed; it contains `{{` where tags are nested, as in `{{item.{{inputs.parameters.key}}}}`. */
  | { readonly kind: 'variable'; readonly name: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'expression';
      readonly source: string;
      readonly start: number;
      readonly end: number;
      /** Where `source` begins in the text. */
      readonly sourceStart: number;
    }
  /** `{{` that is never closed: plain text to Argo, rarely meant so. */
  | { readonly kind: 'open'; readonly start: number };

const OPEN = '{{';
const CLOSE = '}}';

/**
 * Splits text at its tags, exactly as the controller does: a tag ends at the first `}}`, and is an expression when
 * `=` follows `{{` at once.
 *
 * @see https://argo-workflows.readthedocs.io/en/latest/variables/#template-tag-kinds
 */
export function splitTags(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let offset = 0;
  while (offset < text.length) {
    const start = text.indexOf(OPEN, offset);
    const end = start < 0 ? -1 : text.indexOf(CLOSE, start + OPEN.length);
    const textEnd = start < 0 || end < 0 ? text.length : start;
    if (textEnd > offset) parts.push({ kind: 'text', text: text.slice(offset, textEnd), start: offset });
    if (start >= 0 && end < 0) parts.push({ kind: 'open', start });
    if (textEnd === text.length) return parts;

    const body = text.slice(start + OPEN.length, end);
    const span = { start, end: end + CLOSE.length };
    if (body.startsWith('=')) {
      parts.push({ kind: 'expression', source: body.slice(1), ...span, sourceStart: start + OPEN.length + 1 });
    } else {
      parts.push({ kind: 'variable', name: body.trim(), ...span });
    }
    offset = span.end;
  }
  return parts;
}

/** Whether the text has any tag. */
export function hasTags(text: string): boolean {
  const start = text.indexOf(OPEN);
  return start >= 0 && text.indexOf(CLOSE, start) >= 0;
}

/** Whether the text is one tag and nothing else. */
export function isOneTag(text: string): boolean {
  const [first, ...rest] = splitTags(text.trim());
  return rest.length === 0 && (first?.kind === 'variable' || first?.kind === 'expression');
}
