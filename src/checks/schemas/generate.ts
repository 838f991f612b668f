import { InvalidInput, type Problem } from '../../core/problem';
import { apiGroup } from '../../render/model';
import { kindSchema, type OpenApiDocument } from './convert';
import { type KindSchema, type SchemaIndex, type Scope, schemaPath } from './schema';

/** Reads JSON from an API server. */
export type ReadJson = (path: string) => Promise<unknown>;

/** A file of `schemas/`, by its path there. */
export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

interface ApiResources {
  readonly resources: readonly { readonly kind: string; readonly name: string; readonly namespaced: boolean }[];
}

/**
 * Makes all files of `schemas/` out of what an API server says of itself: its OpenAPI v3 documents for the fields, its
 * discovery for the scopes. The same server gives the same bytes.
 *
 * @param kinds by API version
 * @throws InvalidInput that names every kind which the server does not serve
 */
export async function generateSchemas(
  read: ReadJson,
  kinds: Readonly<Record<string, readonly string[]>>,
): Promise<SchemaFile[]> {
  const { gitVersion } = (await read('/version')) as { gitVersion: string };
  const served = (await read('/openapi/v3')) as { paths: Readonly<Record<string, unknown>> };
  const files: SchemaFile[] = [];
  const index: Record<string, Record<string, Scope>> = {};
  const problems: Problem[] = [];
  for (const apiVersion of Object.keys(kinds).sort()) {
    const path = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const resources = path in served.paths ? ((await read(`/${path}`)) as ApiResources).resources : [];
    const wanted = [...(kinds[apiVersion] ?? [])].sort();
    const found = wanted.flatMap((kind) => resources.find((it) => it.kind === kind && !it.name.includes('/')) ?? []);
    for (const kind of wanted.filter((name) => !found.some((resource) => resource.kind === name))) {
      problems.push({
        where: `${apiVersion} ${kind}`,
        what: `is not served by this API server (${gitVersion})`,
        fix: 'install its CustomResourceDefinition there first',
      });
    }
    if (found.length === 0) continue;
    const document = (await read(`/openapi/v3/${path}`)) as OpenApiDocument;
    const scopes: Record<string, Scope> = {};
    for (const { kind, namespaced } of found) {
      const scope = namespaced ? 'Namespaced' : 'Cluster';
      const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
      scopes[kind] = scope;
      const schema = kindSchema(document, { group: apiGroup(apiVersion), version, kind }, scope);
      files.push({ path: schemaPath(apiVersion, kind), content: print(schema) });
    }
    index[apiVersion] = scopes;
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  const content: SchemaIndex = { kubernetes: gitVersion, kinds: index };
  files.push({ path: 'index.json', content: `${JSON.stringify(content, undefined, 2)}\n` });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One definition and one top-level field per line: small files, and differences that a person can read. */
function print({ $defs, ...schema }: KindSchema): string {
  const lines = (record: object) =>
    Object.entries(record).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{\n${lines(schema).join(',\n')},\n"$defs":{\n${lines($defs).join(',\n')}\n}}\n`;
}
