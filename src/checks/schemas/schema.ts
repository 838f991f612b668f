/** The part of JSON Schema (draft 2020-12) that the files in `schemas/` use; any validator reads them. */
export interface Schema {
  /** `#/$defs/NAME`; nothing else stands beside it. */
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** False where the API server refuses unknown fields; absent where it keeps them. */
  readonly additionalProperties?: false | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly format?: 'int32';
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
  /** Fields that together tell the items of a list apart. */
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** Whether objects of a kind live in namespaces. */
export type Scope = 'Namespaced' | 'Cluster';

/** One file of `schemas/`. */
export interface KindSchema extends Schema {
  readonly $schema: string;
  readonly 'x-kubernetes-group-version-kind': readonly [GroupVersionKind];
  readonly 'x-kubernetes-scope': Scope;
  readonly $defs: Readonly<Record<string, Schema>>;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `schemas/index.json`: what there is, without reading the schemas themselves. */
export interface SchemaIndex {
  /** Version of the API server that they come from, such as `v1.34.1`. */
  readonly kubernetes: string;
  /** Scope of each kind by API version, such as `apps/v1`. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, Scope>>>>;
}

/** Where the schema of a kind is, relative to `schemas/`: `apps/v1/deployment.json`, `core/v1/pod.json`. */
export function schemaPath(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}/${kind.toLowerCase()}.json`;
}

/** Follows references to definitions of the same file. */
export function resolve(node: Schema, schema: KindSchema): Schema {
  let target = node;
  while (target.$ref !== undefined) target = schema.$defs[target.$ref.slice('#/$defs/'.length)] ?? {};
  return target;
}
