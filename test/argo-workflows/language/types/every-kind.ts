import { z } from 'zod';
import {
  allOf,
  anyOf,
  container,
  containerSet,
  cronWorkflow,
  daemon,
  dag,
  eventBinding,
  eventValue,
  http,
  input,
  location,
  not,
  output,
  resource,
  script,
  steps,
  suspend,
  text,
  volume,
  workflow,
  workflowTemplate,
} from '../../../../src/argo-workflows/language';
import { fetch, notify, report, shard, small, train } from './templates';

const cache = { name: 'step-outputs' };
const data = volume.claim('training', { name: 'training' });

const prepare = container('prepare', {
  inputs: {
    source: input.artifact('/inputs/source', {
      location: location.git({ repo: 'https://git.example/models.git', revision: 'main' }),
    }),
    config: input.json(z.object({ rows: z.number(), tags: z.array(z.string()) }), { default: { rows: 1, tags: [] } }),
    memory: input.string({ default: '64Mi' }),
    ratio: input.number({ default: 0.5 }),
    dry: input.boolean({ default: false }),
  },
  outputs: {
    model: output.artifact('/work/out/model', { archive: 'none', garbageCollection: 'Never' }),
    ok: output.boolean('/outputs/ok', { default: true }),
    score: output.number('/outputs/score'),
    mode: output.oneOf('/outputs/mode', ['train', 'test']),
    said: output.result(),
  },
  image: 'registry.example/prepare:1.0.0',
  command: ['prepare'],
  args: (c) => ['--ratio', c.inputs.ratio, '--out', c.outputs.model.path, '--in', c.inputs.source.path],
  env: (c) => ({
    TOKEN: { secretKeyRef: { name: 'git', key: 'token' } },
    CONFIG: c.inputs.config,
    POD: c.podName,
    ROWS: c.inputs.config.get('rows'),
    DRY: c.inputs.dry,
  }),
  mounts: [{ volume: data, path: '/work', subPath: text`runs/${workflow.uid}` }],
  resources: small,
  placement: {
    nodeSelector: { 'kubernetes.io/hostname': 'ubuntu2' },
    tolerations: [{ key: 'compute', operator: 'Exists', effect: 'NoSchedule' }],
  },
  retry: {
    limit: 3,
    when: (last) => anyOf(last.status.eq('Error'), last.exitCode.isIn([137, 143])),
    backoff: { duration: '10s', factor: 2, maxDuration: '10m' },
    otherNode: true,
  },
  memoize: (c) => ({ key: text`prepare-${c.inputs.ratio}`, maxAge: '24h', configMap: cache }),
  synchronization: (c) => ({
    mutexes: [{ name: text`prepare-${c.inputs.ratio}` }],
    semaphores: [{ configMap: { name: 'limits' }, key: 'prepare' }],
  }),
  metrics: (m) => [
    { kind: 'gauge', name: 'prepare_seconds', help: 'How long it runs', value: m.duration, realtime: true },
    { kind: 'gauge', name: 'prepare_score', help: 'Share of good rows', value: m.outputs.score },
    { kind: 'counter', name: 'prepare_failures_total', help: 'Failures', when: m.status.eq('Failed') },
  ],
  podSpecPatch: (c) => ({ containers: [{ name: 'main', resources: { limits: { memory: c.inputs.memory } } }] }),
});

const check = script('check', {
  inputs: { text: input.string() },
  outputs: { answer: output.path('/outputs/answer') },
  image: 'registry.example/python:3.12',
  command: ['python'],
  env: (c) => ({ TEXT: c.inputs.text }),
  source: `import os, pathlib\npathlib.Path('/outputs/answer').write_text(os.environ['TEXT'])\n`,
  resources: small,
});

const approve = suspend('approve', {
  inputs: { version: input.string() },
  answers: { go: input.oneOf(['yes', 'no'], { default: 'no' }), by: input.string({ description: 'Who approves' }) },
  duration: '24h',
});

const server = daemon('server', {
  inputs: { model: input.string() },
  image: 'registry.example/server:1.0.0',
  command: ['serve'],
  args: (c) => ['--model', c.inputs.model],
  resources: small,
  readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
});

const call = http('call', {
  inputs: { host: input.string(), sentence: input.string() },
  url: (c) => text`http://${c.inputs.host}:8080/predict`,
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: { secretKeyRef: { name: 'api', key: 'token' } } },
  body: (c) => ({ text: c.inputs.sentence, nested: { list: [1, true, null] } }),
  successCondition: 'response.statusCode == 200',
});

const apply = resource('apply', {
  inputs: { name: input.string(), replicas: input.int() },
  outputs: { uid: output.jsonPath('{.metadata.uid}') },
  action: 'apply',
  manifest: (c) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: c.inputs.name },
    spec: { replicas: c.inputs.replicas },
  }),
  serviceAccount: { name: 'deployer' },
  successCondition: 'status.availableReplicas > 0',
});

const wait = resource('wait', {
  action: 'get',
  flags: ['deployment/demo'],
  serviceAccount: { name: 'deployer' },
});

const together = containerSet('together', {
  inputs: { word: input.string() },
  outputs: { answer: output.path('/shared/answer') },
  containers: (c) => ({
    first: { image: 'registry.example/a:1', command: ['a'], resources: small, env: { WORD: c.inputs.word } },
    main: { image: 'registry.example/b:1', command: ['b'], resources: small, after: ['first'] },
  }),
});

const everything = dag(
  'everything',
  {
    inputs: {
      url: input.string({ description: 'Where the reviews are' }),
      mode: input.oneOf(['train', 'test'], { default: 'train' }),
      count: input.int({ default: 3 }),
      seeds: input.json(z.array(z.number()), { default: [1, 2] }),
      fast: input.boolean({ default: false }),
    },
    parallelism: 4,
    failFast: false,
  },
  (d) => {
    const prepared = d.task('prepare', prepare, { ratio: 0.25, config: { rows: 3, tags: ['a'] } });
    const first = d.task('first', fetch, { url: d.inputs.url }, { after: [prepared] });
    const each = d.each('seed', [1, 2, 3], shard, (item) => ({ id: item.toText(), size: item }));
    const eachOf = d.eachOf('given', d.inputs.seeds, shard, (item) => ({ id: text`seed-${item}`, size: 1 }));
    d.eachOf('again', each.outputs.rows, shard, (item) => ({ id: 'x', size: item }));
    const numbers = d.eachNumber('number', { count: 3 }, shard, (item) => ({ id: text`n-${item}`, size: item }));
    d.eachNumberOf('numbers', { start: 1, end: d.inputs.count }, shard, (item) => ({ id: 'n', size: item }));
    const trained = d.taskWhen(
      'train',
      allOf(d.inputs.mode.eq('train'), not(d.inputs.fast), prepared.outputs.score.gt(0.5)),
      train,
      { data: first.outputs.data, epochs: d.inputs.count },
    );
    const alert = d.taskAfter('alert', first.failed.or(first.errored.and(prepared.succeeded)), notify, {
      message: text`fetch ended as ${first.status}`,
    });
    d.taskAfter('rescue', alert.succeeded.or(alert.omitted), notify, { message: 'after the alert' });
    d.task('sum', report, { all: eachOf.outputs.rows.or([0]) });
    d.task('sum-of-numbers', report, { all: numbers.outputs.rows, extra: first.outputs.log });
    d.task('model', report, { all: [1, 2] });
    d.task('fallback', notify, { message: trained.outputs.version.or("it's {none}") });
    d.task('comparison', notify, { message: trained.outputs.accuracy.gte(0.9).or(false).toText() });
    d.task('item', notify, { message: first.outputs.shards.at(0).get('id') });
    d.task('size', shard, { id: 'x', size: first.outputs.shards.size() });
    d.task('said', notify, { message: prepared.outputs.said });
    const checked = d.task('check', check, { text: text`${d.inputs.mode}-${d.inputs.count}` });
    const asked = d.task('approve', approve, { version: checked.outputs.answer });
    const serving = d.taskWhen('apply', asked.outputs.go.eq('yes'), apply, { name: 'demo', replicas: d.inputs.count });
    d.task('wait', wait, {}, { after: [serving] });
    const running = d.task('server', server, { model: checked.outputs.answer });
    d.task('call', call, { host: running.outputs.ip, sentence: 'a "good" film' });
    const set = d.task('together', together, { word: asked.outputs.by });
    d.onExit(set, notify, (gave) => ({ message: gave.answer.or('none') }));
    d.onEvent(set, 'running', set.status.eq('Running'), notify, { message: 'it runs' });
    return { version: trained.outputs.version, score: prepared.outputs.score, rows: each.outputs.rows };
  },
);

const sequence = steps(
  'sequence',
  { inputs: { url: input.string({ default: 'x' }), list: input.json(z.array(z.string())) } },
  (s) => {
    const { all } = s.group({ all: s.call(everything, { url: s.inputs.url }) });
    const { one, many, given } = s.group({
      one: s.callWhen(all.outputs.score.gt(0.8), check, { text: all.outputs.version.or('none') }),
      many: s.callEach(
        [
          { a: 'x', b: 1 },
          { a: 'y', b: 2 },
        ],
        check,
        (item) => ({ text: item.get('a') }),
      ),
      given: s.callEachOf(s.inputs.list, check, (item) => ({ text: item })),
    });
    s.group({
      rows: s.call(report, { all: all.outputs.rows }),
      last: s.call(notify, { message: text`${one.outputs.answer.or('none')} ${given.outputs.answer.or([]).size()}` }),
      first: s.call(notify, { message: many.outputs.answer.at(0) }),
    });
    s.onExit(one, notify, (gave) => ({ message: gave.answer.or('none') }));
    s.onEvent(many, 'running', many.status.eq('Running'), notify, { message: 'it runs' });
    return { answer: one.outputs.answer, everything: many.outputs.answer };
  },
);

/** A workflow template with every kind of template and task, for the linters and the API server. */
export const everyKind = workflowTemplate('every-kind', {
  templates: { sequence, everything },
  entrypoint: 'sequence',
  title: 'Every kind',
  description: 'All that the language can *say*.',
  arguments: { list: ['a', 'b'] },
  serviceAccount: { name: 'executor' },
  imagePullPolicy: 'Always',
  imagePullSecrets: [{ name: 'registry' }],
  parallelism: 10,
  placement: { nodeSelector: { 'kubernetes.io/os': 'linux' } },
  synchronization: (w) => ({ mutexes: [{ name: text`every-kind-${w.parameters.url}` }] }),
  metrics: (m) => [
    { kind: 'counter', name: 'every_kind_failures_total', help: 'Failures', when: m.status.ne('Succeeded') },
  ],
  hooks: (h) => ({ started: h.run(h.status.eq('Running'), notify, { message: text`began with ${h.parameters.url}` }) }),
  onExit: (x) => {
    const told = x.taskWhen('alert', x.status.isIn(['Failed', 'Error']), notify, { message: x.failures });
    x.task('done', notify, { message: text`${workflow.name}: ${x.status} after ${x.duration}` }, { after: [told] });
  },
  labels: { team: 'models' },
});

/** The same, used from outside. */
export const caller = workflowTemplate('caller', {
  templates: {
    main: dag('main', {}, (d) => {
      const called = d.task('call', everyKind.templates.sequence, { list: ['x'] });
      d.task('tell', notify, { message: called.outputs.answer.or('none') });
    }),
  },
  entrypoint: 'main',
  serviceAccount: { name: 'executor' },
});

export const nightly = cronWorkflow('nightly', {
  template: everyKind,
  arguments: { list: [] },
  schedules: ['0 3 * * 1-5', '@weekly'],
  timezone: 'Europe/Vienna',
  suspend: true,
  stopWhen: (c) => c.failed.gte(3),
});

export const onPush = eventBinding('on-push', {
  template: everyKind,
  arguments: { list: ['pushed'], url: eventValue('payload.repository.url') },
  selector: 'discriminator == "new-data"',
});
