import type { Manifest, RenderedObject } from '../render/model';
import type { Check, Finding } from './check';
import type { Schemas } from './schemas/load';
import { nearestName } from './schemas/unknown-field';
import { type SchemaProblem, validate } from './schemas/validate';

/** Holds every object against the schema that an API server publishes for its kind. */
export function schemaCheck(schemas: Schemas): Check {
  return {
    id: 'schema',
    severity: 'error',
    why: 'an API server refuses an object that does not fit its schema, or drops the field that nobody reads',
    *run({ objects }): Iterable<Finding> {
      for (const object of objects) {
        for (const problem of schemaProblems(object.manifest, schemas)) yield finding(object, problem);
      }
    },
  };
}

/** Everything about an object that does not fit the schema of its kind. */
export function schemaProblems(manifest: Manifest, schemas: Schemas): SchemaProblem[] {
  const { apiVersion, kind, metadata } = manifest;
  const kindSchema = schemas.schemaOf(apiVersion, kind);
  if (!kindSchema) return [unknownKind(apiVersion, kind, schemas)];
  const problems = validate(manifest, kindSchema);
  if (metadata.namespace !== undefined && kindSchema['x-kubernetes-scope'] === 'Cluster') {
    const what = `must not be set: a ${kind} belongs to no namespace`;
    problems.push({ field: 'metadata.namespace', what, got: metadata.namespace, fix: 'remove it' });
  }
  return problems;
}

function finding(object: RenderedObject, { field, what, got, fix }: SchemaProblem): Finding {
  const secret = object.manifest.kind === 'Secret';
  return { object, field, what, ...(got !== undefined && !secret && { got }), fix };
}

function unknownKind(apiVersion: string, kind: string, { kinds }: Schemas): SchemaProblem {
  const served = Object.keys(kinds).filter((version) => Object.hasOwn(kinds[version] ?? {}, kind));
  if (served.length > 0) {
    const fix = `write apiVersion: ${served.join(' or ')}`;
    return { field: 'apiVersion', what: `has no kind ${kind} that is known here`, got: apiVersion, fix };
  }
  const similar = nearestName(kind, Object.keys(kinds[apiVersion] ?? {}));
  const fix = similar
    ? `write "${similar}"`
    : 'add it to src/checks/schemas/kinds.ts and run "npm run schemas -- --context CTX"';
  return { field: 'kind', what: `is not known in ${apiVersion}`, got: kind, fix };
}
