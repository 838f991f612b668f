import type { Severity } from '../checks/check';
import { at, text } from '../checks/read';
import type { Problem } from '../core/problem';
import type { Manifest } from '../render/model';
import type { Answer, ApiServer } from './api-server';

/** Something of a live cluster that is not as it should be, and what to do about it. */
export interface Finding extends Problem {
  readonly severity: Severity;
}

/** What one part of the verification looked at. */
export interface Section {
  readonly name: 'versions' | 'nodes' | 'kinds' | 'what must exist' | 'objects';
  /** How many things it looked at. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

/** What an API server holds at a path: a value, nothing, or the reason why that cannot be told. */
export interface Reading {
  readonly value?: unknown;
  readonly finding?: Finding;
}

export async function read(server: ApiServer, path: string): Promise<Reading> {
  const answer = await server.get(path);
  if (answer.status === 200) return { value: answer.body };
  return answer.status === 404 ? {} : { finding: missingRight(answer) ?? unexpected(path, answer) };
}

/** A right that the credential lacks; undefined when the answer is about something else, such as a quota. */
export function missingRight({ status, body }: Answer): Finding | undefined {
  const right = /User "[^"]*" cannot .*/s.exec(text(at(body, 'message')) ?? '')?.[0];
  if (status !== 403 || right === undefined) return undefined;
  return {
    severity: 'error',
    where: 'rights',
    what: right,
    fix: 'let it, or verify with another --context: what needs this right was not looked at',
  };
}

function unexpected(path: string, { status, body }: Answer): Finding {
  const what = `the API server answered ${status} (${text(at(body, 'message')) ?? 'without a message'})`;
  return { severity: 'error', where: path, what, fix: 'mend the API server, then verify again' };
}

/** Kind, namespace and name, as messages name an object. */
export function objectName({ kind, metadata: { namespace, name } }: Manifest): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
