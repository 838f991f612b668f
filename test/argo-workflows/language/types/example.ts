import { container, dag, input, output, workflowTemplate } from '../../../../src/argo-workflows/language';

const resources = { requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '512Mi' } } as const;

const fetch = container('fetch', {
  inputs: { url: input.string() },
  outputs: { data: output.artifact('/outputs/data'), rows: output.int('/outputs/rows') },
  image: 'registry.example/fetch:1.2.0',
  command: ['fetch'],
  args: (c) => ['--url', c.inputs.url, '--out', c.outputs.data.path],
  resources,
});

const train = container('train', {
  inputs: { data: input.artifact('/inputs/data'), mode: input.oneOf(['full', 'quick'], { default: 'full' }) },
  outputs: { version: output.path('/outputs/version') },
  image: 'registry.example/train:3.0.1',
  command: ['train'],
  env: (c) => ({ MODE: c.inputs.mode }),
  resources,
  retry: { limit: 3, when: (last) => last.exitCode.isIn([137, 143]) },
});

const notify = container('notify', {
  inputs: { message: input.string() },
  image: 'registry.example/notify:1.0.0',
  command: ['notify'],
  env: (c) => ({ MESSAGE: c.inputs.message }),
  resources,
});

const pipeline = dag('pipeline', { inputs: { url: input.string() } }, (d) => {
  const fetched = d.task('fetch', fetch, { url: d.inputs.url });
  const trained = d.taskWhen('train', fetched.outputs.rows.gte(1000), train, { data: fetched.outputs.data });
  d.task('tell', notify, { message: trained.outputs.version.or('too little data') });
});

export const trainModel = workflowTemplate('train-model', {
  templates: { pipeline },
  entrypoint: 'pipeline',
  serviceAccount: { name: 'trainer' },
  synchronization: { mutexes: [{ name: 'train-model' }] },
  onExit: (x) => {
    x.taskWhen('alert', x.status.ne('Succeeded'), notify, { message: x.failures });
  },
});
