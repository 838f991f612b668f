import { z } from 'zod';
import { container, input, output } from '../../../../src/argo-workflows/language';

/** Templates that the programs of these tests use. */
export const small = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } } as const;

export const shard = container('shard', {
  inputs: { id: input.string(), size: input.int() },
  outputs: { rows: output.int('/outputs/rows') },
  image: 'registry.example/shard:1.0.0',
  command: ['shard'],
  args: (c) => ['--id', c.inputs.id, '--size', c.inputs.size],
  resources: small,
});

export const fetch = container('fetch', {
  inputs: { url: input.string() },
  outputs: {
    shards: output.json('/outputs/shards.json', z.array(z.object({ id: z.string(), size: z.number() }))),
    data: output.artifact('/outputs/data'),
    log: output.optionalArtifact('/outputs/log'),
  },
  image: 'registry.example/fetch:1.0.0',
  command: ['fetch'],
  args: (c) => ['--url', c.inputs.url, '--out', c.outputs.data.path],
  resources: small,
});

export const notify = container('notify', {
  inputs: { message: input.string() },
  image: 'registry.example/notify:1.0.0',
  command: ['notify'],
  env: (c) => ({ MESSAGE: c.inputs.message }),
  resources: small,
});

export const report = container('report', {
  inputs: { all: input.json(z.array(z.number())), extra: input.optionalArtifact('/inputs/extra') },
  image: 'registry.example/report:1.0.0',
  command: ['report'],
  env: (c) => ({ ALL: c.inputs.all }),
  resources: small,
});

export const train = container('train', {
  inputs: { data: input.artifact('/inputs/data'), epochs: input.int({ default: 3 }) },
  outputs: { version: output.path('/outputs/version'), accuracy: output.number('/outputs/accuracy') },
  image: 'registry.example/train:1.0.0',
  command: ['train'],
  args: (c) => ['--data', c.inputs.data.path, '--epochs', c.inputs.epochs],
  resources: small,
});
