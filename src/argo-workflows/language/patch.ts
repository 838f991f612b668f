import { type ArgumentPlace, literalProblems, renderField } from './arguments';
import { type Expr, isHandle, nodeOf } from './expr';
import { valueExpression } from './expression-text';

/** An object of JSON whose leaves may be values: a patch of a pod, the manifest of an object, the body of a request. */
export type Patch<Scope extends string> =
  | string
  | number
  | boolean
  | null
  | Expr<unknown, Scope>
  | readonly Patch<Scope>[]
  | { readonly [key: string]: Patch<Scope> };

/** The patch of a pod. Values reach programs by their template, which keeps them out of shells. */
export function renderPodPatch(patch: Patch<string>, place: ArgumentPlace): string {
  if (hasValueIn(patch, false)) {
    const fix = 'pass it by args or env of the template';
    place.report({ where: `${place.where}, podSpecPatch`, what: 'a value is part of a command', fix });
  }
  return renderPatch(patch, place);
}

function hasValueIn(patch: Patch<string>, inCommand: boolean): boolean {
  if (isHandle(patch)) return inCommand;
  if (typeof patch !== 'object' || patch === null) return false;
  return Object.entries(patch).some(([key, value]) =>
    hasValueIn(value, inCommand || ['command', 'args'].includes(key)),
  );
}

/** JSON as text, in which each value is written by `toJson`, so that no value can break out of its place. */
export function renderPatch(patch: Patch<string>, place: ArgumentPlace): string {
  if (isHandle(patch)) return `{{= toJson(${renderField(nodeOf(patch), 'json', patch, place, valueExpression)}) }}`;
  if (Array.isArray(patch)) return `[${patch.map((member) => renderPatch(member, place)).join(',')}]`;
  if (typeof patch === 'object' && patch !== null) {
    const entries = Object.entries(patch as Readonly<Record<string, Patch<string>>>);
    // Spaces keep the braces of JSON apart from those of tags.
    return `{ ${entries.map(([key, value]) => `${JSON.stringify(key)}: ${renderPatch(value, place)}`).join(', ')} }`;
  }
  for (const problem of literalProblems(place.where, patch)) place.report(problem);
  return JSON.stringify(patch);
}
