/**
 * Writes template-fields.json: the fields of a template, from the full CustomResourceDefinition of WorkflowTemplate.
 *
 * usage: npx ts-node src/argo-workflows/language/raw/generate.ts argoproj.io_workflowtemplates.yaml
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

const types = new Map<string, number>();

function number(type: object): number {
  const key = JSON.stringify(type);
  const known = types.get(key) ?? types.size;
  types.set(key, known);
  return known;
}

function compact(schema: Schema): string | number {
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, compact(field)]);
    return number({ fields: Object.fromEntries(fields), ...(schema.required ? { required: schema.required } : {}) });
  }
  if (schema.items !== undefined) return number({ items: compact(schema.items) });
  if (typeof schema.additionalProperties === 'object') return number({ values: compact(schema.additionalProperties) });
  if (schema['x-kubernetes-int-or-string'] === true) return 'int-or-string';
  return schema.type === undefined || schema.type === 'object' ? 'any' : schema.type;
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: generate.ts argoproj.io_workflowtemplates.yaml');
  process.exit(2);
}
const definition = load(readFileSync(file, 'utf8')) as {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] };
};
const template =
  definition.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec?.properties?.templates?.items ?? {};
const root = compact(template);
const list = [...types.keys()].map((key) => `    ${key}`).join(',\n');
writeFileSync(join(__dirname, 'template-fields.json'), `{\n  "root": ${root},\n  "types": [\n${list}\n  ]\n}\n`);
