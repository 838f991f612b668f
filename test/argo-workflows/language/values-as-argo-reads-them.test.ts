import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  container,
  containerSet,
  daemon,
  dag,
  input,
  output,
  suspend,
  text,
  volume,
} from '../../../src/argo-workflows/language';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { argument, idle, manifestOf, program, rendered, tasksOf } from './rendering';
import { small } from './types/templates';

const taken = container('taken', { ...program, inputs: { s: input.string(), n: input.number({ default: 0 }) } });

test('members of a JSON value arrive as JSON writes them, texts as they are', async () => {
  const value = z.object({ million: z.number(), nested: z.object({ deep: z.array(z.string()) }), name: z.string() });
  const made = container('made', { ...program, outputs: { value: output.json('/outputs/value', value) } });
  const main = dag('main', {}, (d) => {
    const read = d.task('made', made, {}).outputs.value;
    d.task('whole', taken, { s: read.get('nested').toText(), n: read.get('million') });
    d.task('part', taken, { s: text`${read.get('name')}: ${read.get('million')}` });
  });
  const given = JSON.stringify({ million: 1_000_000, nested: { deep: ['a', 'b'] }, name: 'x' });
  const seen: Record<string, unknown>[] = [];
  const run = await runWorkflow(manifestOf(main), {
    mocks: {
      made: () => ({ parameters: { value: given } }),
      taken: ({ parameters }) => {
        seen.push({ ...parameters });
        return {};
      },
    },
  });
  expect(run.phase).toBe('Succeeded');
  expect(seen).toEqual(
    expect.arrayContaining([
      { s: '{"deep":["a","b"]}', n: '1000000' },
      { s: 'x: 1000000', n: '0' },
    ]),
  );
});

test('an object in an item is read from its text, as the controller gives it', async () => {
  const main = dag('main', {}, (d) => {
    d.each('each', [{ outer: { inner: 1 } }], taken, (item) => ({ s: 'x', n: item.get('outer').get('inner') }));
  });
  const seen: string[] = [];
  const run = await runWorkflow(manifestOf(main), {
    mocks: {
      taken: ({ parameters }) => {
        seen.push(parameters.n ?? '');
        return {};
      },
    },
  });
  expect([run.phase, seen]).toEqual(['Succeeded', ['1']]);
});

test('the address of a server that was skipped has a fallback', () => {
  const server = daemon('server', { ...program, readinessProbe: { httpGet: { path: '/ready', port: 8080 } } });
  const main = dag('main', { inputs: { go: input.boolean() } }, (d) => {
    const started = d.taskWhen('server', d.inputs.go, server, {});
    d.task('use', taken, { s: started.outputs.ip.or('localhost') });
  });
  expect(argument(tasksOf(main).use, 's')).toBe("{{= tasks['server']?.ip ?? 'localhost' }}");
});

test('how a task ended leaves a DAG as an expression, which Argo asks for', () => {
  const main = dag('main', {}, (d) => ({ status: d.task('t', idle, {}).status }));
  expect(rendered(main).outputs).toEqual({
    parameters: [{ name: 'status', valueFrom: { expression: "tasks['t'].status" } }],
  });
});

test('what is remembered at any age says so, as the schema asks', () => {
  const remembered = container('remembered', { ...program, memoize: { key: 'a', configMap: { name: 'cache' } } });
  expect(rendered(remembered).memoize).toMatchObject({ maxAge: '' });
});

test('the form of a boolean answer begins with one of its choices', () => {
  const pause = suspend('pause', { answers: { ok: input.boolean() } });
  expect(rendered(pause).inputs).toEqual({ parameters: [{ name: 'ok', enum: ['true', 'false'], value: 'true' }] });
});

describe('files', () => {
  test('a program may write /tmp beside what it names', () => {
    const writes = container('writes', { ...program, writable: ['/cache'] });
    expect(rendered(writes).container).toMatchObject({
      volumeMounts: [{ mountPath: '/tmp' }, { mountPath: '/cache' }],
    });
  });

  test('each container of a set mounts a volume in its own way', () => {
    const data = volume.claim('data', { name: 'data' });
    const other = volume.claim('other', { name: 'other' });
    const set = containerSet('set', {
      containers: () => ({
        main: { image: 'i', command: ['a'], resources: small, mounts: [{ volume: data, path: '/data' }] },
        reader: {
          image: 'i',
          command: ['b'],
          resources: small,
          mounts: [
            { volume: data, path: '/read', readOnly: true, subPath: 'x' },
            { volume: other, path: '/data' },
          ],
        },
      }),
    });
    const { containerSet: rendering, volumes } = rendered(set);
    expect((volumes as { name: string }[]).map(({ name }) => name).sort()).toEqual(['data', 'other', 'tmp']);
    expect(rendering).toMatchObject({
      containers: [
        {
          volumeMounts: [
            { name: 'data', mountPath: '/data' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
        {
          volumeMounts: [
            { name: 'data', mountPath: '/read', readOnly: true, subPath: 'x' },
            { name: 'other', mountPath: '/data' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
    });
  });
});
