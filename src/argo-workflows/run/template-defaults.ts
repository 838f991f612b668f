import type { YamlDocument } from '../lint/documents';
import { type Fields, fieldsOf, isFields, listOf } from '../lint/fields';

/**
 * Merges `templateDefaults` and the workflow's `retryStrategy` into every template, as the controller does when it runs
 * one: also into `steps` and `dag` templates.
 *
 * @param documents the workflow that runs, then what it refers to; the first that states defaults counts for all
 */
export function withTemplateDefaults(documents: readonly YamlDocument[]): readonly YamlDocument[] {
  const specs = documents.map(({ object }) => specOf(object));
  const defaults = fieldsOf(specs.map((spec) => spec.templateDefaults).find(isFields));
  const retryStrategy = specs[0]?.retryStrategy;
  const all: Fields = { ...(isFields(retryStrategy) ? { retryStrategy } : {}), ...defaults };
  if (Object.keys(all).length === 0) return documents;
  return documents.map((document) => {
    const spec = specOf(document.object);
    if (!Array.isArray(spec.templates)) return document;
    const templates = listOf(spec.templates).map((template) => merged(all, fieldsOf(template)));
    return { ...document, object: replaceSpec(document.object, { ...spec, templates }) };
  });
}

function specOf(object: Fields): Fields {
  const spec = fieldsOf(object.spec);
  return object.kind === 'CronWorkflow' ? fieldsOf(spec.workflowSpec) : spec;
}

function replaceSpec(object: Fields, spec: Fields): Fields {
  return object.kind === 'CronWorkflow'
    ? { ...object, spec: { ...fieldsOf(object.spec), workflowSpec: spec } }
    : { ...object, spec };
}

/** What the template says wins; maps are merged, lists are replaced. */
function merged(defaults: Fields, template: Fields): Fields {
  const result: Record<string, unknown> = { ...defaults, ...template };
  for (const [key, value] of Object.entries(defaults)) {
    const own = template[key];
    if (isFields(value) && isFields(own)) result[key] = merged(value, own);
  }
  return result;
}
