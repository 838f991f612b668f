import { describe, expect, test } from '@jest/globals';
import { generateSchemas, type ReadJson } from '../../../src/checks/schemas/generate';
import { kindsWithSchema } from '../../../src/checks/schemas/kinds';
import type { KindSchema } from '../../../src/checks/schemas/schema';
import { validate } from '../../../src/checks/schemas/validate';
import { platformSchemas } from './platform-schemas';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const metadata = { allOf: [{ $ref: `#/components/schemas/${META}` }], description: 'Standard metadata.' };

/** An API server with one CustomResourceDefinition, whose spec is given. */
function apiServer(spec: object): ReadJson {
  const widget = {
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata,
      spec,
      status: { type: 'object' },
    },
    'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
  };
  const answers: Record<string, unknown> = {
    '/version': { gitVersion: 'v1.34.1' },
    '/openapi/v3': { paths: { 'apis/example.com/v1': {} } },
    '/apis/example.com/v1': {
      resources: [
        { kind: 'Widget', name: 'widgets', namespaced: false },
        { kind: 'Scale', name: 'widgets/scale', namespaced: false },
      ],
    },
    '/openapi/v3/apis/example.com/v1': {
      components: {
        schemas: {
          'com.example.v1.Widget': widget,
          [META]: { type: 'object', properties: { name: { type: 'string' }, anything: { type: 'object' } } },
        },
      },
    },
  };
  return async (path) => answers[path];
}

async function widgetSchema(spec: object): Promise<KindSchema> {
  const files = await generateSchemas(apiServer(spec), { 'example.com/v1': ['Widget'] });
  return JSON.parse(files.find(({ path }) => path === 'example.com/v1/widget.json')?.content ?? '');
}

async function problemsOf(spec: object, value: unknown): Promise<string[]> {
  const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, spec: value };
  return validate(widget, await widgetSchema(spec)).map(({ field, what }) => `${field} ${what}`);
}

describe('a generated schema', () => {
  test('tells kind and scope, and has neither status nor descriptions', async () => {
    const schema = await widgetSchema({ type: 'object', description: 'What to make.' });
    expect(schema).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
      'x-kubernetes-scope': 'Cluster',
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
    });
    expect(Object.keys(schema.properties ?? {})).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(JSON.stringify(schema)).not.toMatch(/description|What to make/);
  });

  test('takes an object without fields as empty in a definition of users and as anything in one of Kubernetes', async () => {
    expect(await problemsOf({ type: 'object' }, { a: 1 })).toEqual(['spec.a unknown field "a"']);
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { anything: { a: 1 } }, spec: {} };
    expect(validate(widget, await widgetSchema({ type: 'object' }))).toEqual([]);
  });

  test('honours x-kubernetes-preserve-unknown-fields, also beside known fields', async () => {
    const spec = {
      type: 'object',
      properties: { a: { type: 'string' } },
      'x-kubernetes-preserve-unknown-fields': true,
    };
    expect(await problemsOf(spec, { b: { c: 1 } })).toEqual([]);
    expect(await problemsOf(spec, { a: 1 })).toEqual(['spec.a must be a string']);
  });

  test('does not require what has a default', async () => {
    const properties = { a: { type: 'string', default: 'x' }, b: { type: 'string' } };
    expect(await problemsOf({ type: 'object', properties, required: ['a', 'b'] }, {})).toEqual(['spec.b is required']);
  });

  test('takes null only where it is nullable', async () => {
    const properties = { a: { type: 'string', nullable: true }, b: { type: 'string' } };
    expect(await problemsOf({ type: 'object', properties }, { a: null, b: null })).toEqual(['spec.b must be a string']);
  });

  test('leaves out patterns that JavaScript reads differently from Go, and keeps the others', async () => {
    const properties = { a: { type: 'string', pattern: '(?i)^a$' }, b: { type: 'string', pattern: '^b$' } };
    expect(await problemsOf({ type: 'object', properties }, { a: 'x', b: 'x' })).toEqual(['spec.b has the wrong form']);
  });

  test('stores a repeated part once, under the name of its field', async () => {
    const probe = {
      type: 'object',
      properties: { path: { type: 'string' }, period: { type: 'integer', format: 'int32' } },
    };
    const spec = { type: 'object', properties: { livenessProbe: probe, readinessProbe: probe } };
    const schema = await widgetSchema(spec);
    expect(Object.keys(schema.$defs)).toEqual(['livenessProbe', 'v1.ObjectMeta']);
    expect(await problemsOf(spec, { readinessProbe: { pth: '/' } })).toEqual([
      'spec.readinessProbe.pth unknown field "pth"',
    ]);
  });
});

test('a kind that the API server does not serve is named, with all others', async () => {
  const kinds = { 'example.com/v1': ['Gadget', 'Scale', 'Widget'], 'example.com/v2': ['Widget'] };
  await expect(generateSchemas(apiServer({ type: 'object' }), kinds)).rejects.toMatchObject({
    problems: [
      { where: 'example.com/v1 Gadget' },
      { where: 'example.com/v1 Scale' },
      { where: 'example.com/v2 Widget' },
    ],
  });
});

test('schemas/ has exactly the kinds that the list names', () => {
  const sorted = (kinds: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(kinds).map(([version, names]) => [version, [...names].sort()]));
  const present = Object.entries(platformSchemas.kinds).map(
    ([version, names]) => [version, Object.keys(names)] as const,
  );
  expect(sorted(Object.fromEntries(present))).toEqual(sorted(kindsWithSchema));
  for (const [version, names] of present) {
    for (const kind of names) expect(platformSchemas.schemaOf(version, kind)?.properties).toHaveProperty('kind');
  }
});
