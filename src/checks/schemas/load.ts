import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KindSchema, type SchemaIndex, type Scope, schemaPath } from './schema';

/** The schemas of a folder; each is read when its kind is first asked for. */
export interface Schemas {
  /** Tells whether a kind lives in namespaces; undefined for a kind without a schema. */
  readonly scopes: (apiVersion: string, kind: string) => Scope | undefined;
  /** The schema of a kind; undefined for a kind without one. */
  readonly schemaOf: (apiVersion: string, kind: string) => KindSchema | undefined;
  /** Kinds with a schema, by API version. */
  readonly kinds: SchemaIndex['kinds'];
}

/**
 * Opens a folder that `npm run schemas` wrote.
 *
 * @throws when the folder has no readable `index.json`
 */
export function loadSchemas(folder: string): Schemas {
  const { kinds } = readJson<SchemaIndex>(join(folder, 'index.json'));
  const loaded = new Map<string, KindSchema>();
  const scopes: Schemas['scopes'] = (apiVersion, kind) => own(own(kinds, apiVersion), kind);
  return {
    kinds,
    scopes,
    schemaOf: (apiVersion, kind) => {
      if (!scopes(apiVersion, kind)) return undefined;
      const path = schemaPath(apiVersion, kind);
      const schema = loaded.get(path) ?? readJson<KindSchema>(join(folder, path));
      loaded.set(path, schema);
      return schema;
    },
  };
}

/** A field of the record itself, not one such as `constructor` that every object has. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
