import { dag, input, steps, text, workflow, workflowTemplate } from '../../../../src/argo-workflows/language';
import { fetch, notify, report, shard, train } from './templates';

/** A loop over objects that may be empty, and one over a list that is written here. */
export const loops = dag('loops', { inputs: { url: input.string() } }, (d) => {
  const fetched = d.task('fetch', fetch, { url: d.inputs.url });
  const shards = d.eachOf('shards', fetched.outputs.shards, shard, (item) => ({
    id: item.get('id'),
    size: item.get('size'),
  }));
  d.task('report', report, { all: shards.outputs.rows.or([]), extra: fetched.outputs.log });
  const literal = d.each(
    'literal',
    [
      { id: 'a', size: 1 },
      { id: 'b', size: 2 },
    ],
    shard,
    (item) => ({
      id: item.get('id'),
      size: item.get('size'),
    }),
  );
  d.task('sum', report, { all: literal.outputs.rows });
});

/** Outputs are what the builder returns; what may be absent stays so through nesting. */
export const inner = dag('inner', { inputs: { url: input.string() } }, (d) => {
  const fetched = d.task('fetch', fetch, { url: d.inputs.url });
  const trained = d.taskWhen('train', d.inputs.url.eq('x'), train, { data: fetched.outputs.data });
  return { version: trained.outputs.version, data: fetched.outputs.data };
});

export const outer = dag('outer', { inputs: { url: input.string() } }, (d) => {
  const nested = d.task('inner', inner, { url: d.inputs.url });
  d.task('notify', notify, { message: nested.outputs.version.or('none') });
  const trained = d.task('train', train, { data: nested.outputs.data });
  d.task('globals', notify, { message: workflow.name });
  d.taskAfter('alert', trained.failed.or(trained.errored), notify, { message: text`train: ${trained.status}` });
});

/** A choice is a text; a number becomes one. */
export const values = dag('values', { inputs: { mode: input.oneOf(['train', 'test']), n: input.int() } }, (d) => {
  d.task('choice', notify, { message: d.inputs.mode });
  d.task('number', notify, { message: d.inputs.n.toText() });
  d.task('both', notify, { message: text`${d.inputs.mode} ${d.inputs.n} in ${workflow.name}` });
});

export const groups = steps('groups', { inputs: { url: input.string() } }, (s) => {
  const { first } = s.group({ first: s.call(fetch, { url: s.inputs.url }) });
  const { a } = s.group({
    a: s.call(train, { data: first.outputs.data }),
    b: s.call(train, { data: first.outputs.data, epochs: 5 }),
  });
  return { version: a.outputs.version };
});

export const shared = workflowTemplate('shared', {
  templates: { outer, loops, groups, values },
  entrypoint: 'groups',
  arguments: { url: 'https://data.example/reviews.csv' },
  serviceAccount: { name: 'executor' },
  onExit: (x) => {
    x.taskWhen('alert', x.status.eq('Failed'), notify, { message: x.status });
  },
  hooks: (h) => ({ started: h.run(h.status.eq('Running'), notify, { message: text`url ${h.parameters.url}` }) }),
  synchronization: (w) => ({ mutexes: [{ name: text`data-${w.parameters.url}` }] }),
});

/** A template of another workflow template, by object. */
export const user = dag('user', {}, (d) => {
  const released = d.task('released', shared.templates.groups, { url: 'u' });
  return { version: released.outputs.version };
});
