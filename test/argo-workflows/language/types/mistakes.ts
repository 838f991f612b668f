/**
 * Programs that must not compile, one mistake each. The name in `MISTAKE` is that of the expected message in
 * mistakes.test.ts; the directive makes sure that the compiler that checks this repository finds them too.
 */
import { z } from 'zod';
import {
  container,
  cronWorkflow,
  daemon,
  dag,
  type Expr,
  eventBinding,
  input,
  output,
  resource,
  script,
  steps,
  suspend,
  text,
  workflowTemplate,
} from '../../../../src/argo-workflows/language';
import { fetch, notify, report, shard, small, train } from './templates';
import { inner, shared } from './valid';

const program = { image: 'i', command: ['run'], resources: small } as const;
const choose = container('choose', { ...program, inputs: { mode: input.oneOf(['train', 'test']) } });
const idle = container('idle', program);
const executor = { name: 'executor' };

dag('pipeline', { inputs: { url: input.string(), mode: input.oneOf(['train', 'test']), n: input.int() } }, (d) => {
  const f = d.task('f', fetch, { url: d.inputs.url });
  const t = d.taskWhen('t', d.inputs.url.eq('x'), train, { data: f.outputs.data });
  const s = d.eachOf('s', f.outputs.shards, shard, (item) => ({ id: item.get('id'), size: 1 }));

  // @ts-expect-error MISTAKE missing input
  d.task('a', fetch, {});
  // @ts-expect-error MISTAKE unknown input
  d.task('a', train, { data: f.outputs.data, epoch: 3 });
  // @ts-expect-error MISTAKE argument of a template without inputs
  d.task('a', idle, { seed: 1 });
  // @ts-expect-error MISTAKE what a task gave at its end
  d.onExit(f, train, (gave) => ({ data: gave.data }));
  // @ts-expect-error MISTAKE unknown output
  d.task('a', train, { data: f.outputs.dat });
  // @ts-expect-error MISTAKE artifact as parameter
  d.task('a', notify, { message: f.outputs.data });
  // @ts-expect-error MISTAKE parameter as artifact
  d.task('a', train, { data: d.inputs.url });
  // @ts-expect-error MISTAKE text into whole number
  d.task('a', train, { data: f.outputs.data, epochs: d.inputs.url });
  // @ts-expect-error MISTAKE number into text
  d.task('a', notify, { message: d.inputs.n });
  // @ts-expect-error MISTAKE no choice of the enum
  d.task('a', choose, { mode: 'trian' });
  // @ts-expect-error MISTAKE used before it is declared
  // biome-ignore lint/correctness/noInvalidUseBeforeDeclaration: this is the mistake
  const a = d.task('a', notify, { message: b.outputs.version });
  const b = d.task('b', train, { data: f.outputs.data });
  // @ts-expect-error MISTAKE output of a conditional task
  d.task('a', notify, { message: t.outputs.version });
  // @ts-expect-error MISTAKE condition on what may be absent
  d.taskWhen('a', t.outputs.accuracy.gte(0.9), notify, { message: 'x' });
  // @ts-expect-error MISTAKE anySucceeded of a single task
  d.taskAfter('a', f.anySucceeded, notify, { message: 'x' });
  // @ts-expect-error MISTAKE loop item is an object
  d.eachOf('a', f.outputs.shards, notify, (item) => ({ message: item }));
  // @ts-expect-error MISTAKE unknown field of a loop item
  d.eachOf('a', f.outputs.shards, shard, (item) => ({ id: item.get('idd'), size: 1 }));
  // @ts-expect-error MISTAKE field of a loop item of another type
  d.eachOf('a', f.outputs.shards, shard, (item) => ({ id: item.get('size'), size: 1 }));
  // @ts-expect-error MISTAKE loop over what is no list
  d.eachOf('a', d.inputs.url, notify, (item) => ({ message: item }));
  // @ts-expect-error MISTAKE loop over an empty literal
  d.each('a', [], notify, () => ({ message: 'x' }));
  // @ts-expect-error MISTAKE value in a literal list
  d.each('a', [d.inputs.url], notify, () => ({ message: 'x' }));
  // @ts-expect-error MISTAKE output of a loop is a list
  d.task('a', train, { data: f.outputs.data, epochs: s.outputs.rows.or([]) });
  // @ts-expect-error MISTAKE output of a loop that may be empty
  d.task('a', report, { all: s.outputs.rows });
  // @ts-expect-error MISTAKE list into text
  d.task('a', notify, { message: f.outputs.shards });
  // @ts-expect-error MISTAKE optional artifact into a required input
  d.task('a', train, { data: f.outputs.log });
  // @ts-expect-error MISTAKE output of a nested conditional task
  d.task('a', notify, { message: d.task('i', inner, { url: 'x' }).outputs.version });
  // @ts-expect-error MISTAKE comparison with no choice of the enum
  d.taskWhen('a', d.inputs.mode.eq('trian'), notify, { message: 'x' });
  // @ts-expect-error MISTAKE order of texts
  d.taskWhen('a', d.inputs.url.gt('a'), notify, { message: 'x' });
  // @ts-expect-error MISTAKE condition that is no boolean
  d.taskWhen('a', d.inputs.mode, notify, { message: 'x' });
  // @ts-expect-error MISTAKE fallback of another type
  t.outputs.accuracy.or('none');
  // @ts-expect-error MISTAKE fallback that may be absent
  t.outputs.version.or(t.outputs.version);
  // @ts-expect-error MISTAKE simply after a task that reacts
  d.task('a', notify, { message: 'x' }, { after: [d.taskAfter('r', f.failed, notify, { message: 'y' })] });

  dag('other', {}, (e) => {
    // @ts-expect-error MISTAKE value of another DAG
    e.task('a', notify, { message: d.inputs.url });
    // @ts-expect-error MISTAKE result of a task of another DAG
    e.taskAfter('a', f.failed, notify, { message: 'x' });
  });
  let leaked: Expr<string, 'item of a loop'> | undefined;
  d.each('l', ['a', 'b'], notify, (item) => {
    leaked = item;
    return { message: item };
  });
  // @ts-expect-error MISTAKE loop item outside of its loop
  if (leaked !== undefined) d.task('a', notify, { message: leaked });
  void a;
});

const server = daemon('server', { ...program, readinessProbe: { httpGet: { path: '/ready', port: 8080 } } });
dag('servers', {}, (d) => {
  const many = d.each('many', ['a', 'b'], server, () => ({}));
  // @ts-expect-error MISTAKE address of a daemon in a loop
  d.task('a', notify, { message: many.outputs.ip });
});

steps('groups', {}, (s) => {
  const { f } = s.group({ f: s.call(fetch, { url: 'x' }) });
  const { data } = f.outputs;
  // @ts-expect-error MISTAKE sibling of a parallel group
  const { a } = s.group({ a: s.call(train, { data }), b: s.call(notify, { message: a.outputs.version }) });
  void a;
});

container('stdout', { ...program, outputs: { said: output.result() } });
dag('stdout-of-a-conditional-task', { inputs: { go: input.boolean() } }, (d) => {
  const said = container('said', { ...program, outputs: { said: output.result() } });
  const maybe = d.taskWhen('maybe', d.inputs.go, said, {});
  // @ts-expect-error MISTAKE standard output of a conditional task
  d.task('a', notify, { message: maybe.outputs.said });
});

// @ts-expect-error MISTAKE value in the source of a script
script('code', { ...program, inputs: { x: input.string() }, source: text`print(${'x'})` });
// @ts-expect-error MISTAKE value in a shell string
container('shell', { ...program, inputs: { x: input.string() }, command: ['sh', '-c'], args: (c) => [c.inputs.x] });
// @ts-expect-error MISTAKE value in a command
container('command', { ...program, inputs: { x: input.string() }, command: ['run', text`x`] });
// @ts-expect-error MISTAKE empty command
container('no-command', { ...program, command: [] });
// @ts-expect-error MISTAKE no command
container('no-command', { image: 'i', resources: small });
// @ts-expect-error MISTAKE no image
container('no-image', { command: ['run'], resources: small });
// @ts-expect-error MISTAKE no resources
container('no-resources', { image: 'i', command: ['run'] });
// @ts-expect-error MISTAKE bad quantity
container('quantity', { ...program, resources: { requests: { cpu: '1', memory: '5GB' }, limits: { memory: '5Gi' } } });
// @ts-expect-error MISTAKE quantity from a parameter
container('quantity', { ...program, resources: { ...small, limits: { memory: text`${'5'}Gi` } } });
// @ts-expect-error MISTAKE retry without limit
container('retry', { ...program, retry: { policy: 'OnFailure' } });
// @ts-expect-error MISTAKE unknown retry policy
container('retry', { ...program, retry: { limit: 2, policy: 'Never' } });
// @ts-expect-error MISTAKE last exit code compared as text
container('retry', { ...program, retry: { limit: 2, when: (last) => last.exitCode.eq('137') } });
// @ts-expect-error MISTAKE singular mutex
container('mutex', { ...program, synchronization: { mutex: { name: 'x' } } });
// @ts-expect-error MISTAKE node selector inside a container
container('placement', { ...program, nodeSelector: { 'kubernetes.io/hostname': 'ubuntu2' } });
// @ts-expect-error MISTAKE volume by name
container('volume', { ...program, mounts: [{ volume: 'data', path: '/data' }] });
// @ts-expect-error MISTAKE output of a resource in a container
container('field', { ...program, outputs: { phase: output.jsonPath('{.status.phase}') } });
// @ts-expect-error MISTAKE file as output of a resource
resource('file', { action: 'get', flags: ['pod/x'], serviceAccount: executor, outputs: { x: output.path('/x') } });
// @ts-expect-error MISTAKE resource without manifest
resource('manifest', { action: 'create', serviceAccount: executor });
// @ts-expect-error MISTAKE daemon without readiness probe
daemon('server', { ...program });
// @ts-expect-error MISTAKE default that is no choice
input.oneOf(['train', 'test'], { default: 'trian' });
// @ts-expect-error MISTAKE no choices
input.oneOf([]);
// @ts-expect-error MISTAKE default that does not fit the schema
input.json(z.array(z.number()), { default: ['a'] });
// @ts-expect-error MISTAKE default of another type
input.int({ default: '3' });
// @ts-expect-error MISTAKE answer that is a file
suspend('approve', { answers: { file: input.artifact('/x') } });
// @ts-expect-error MISTAKE field of a program on a DAG
dag('leaf', { activeDeadlineSeconds: 60 }, () => ({}));

const templates = { inner, fetch };
const base = { templates, serviceAccount: executor } as const;
// @ts-expect-error MISTAKE unknown entrypoint
workflowTemplate('w', { ...base, entrypoint: 'innr' });
// @ts-expect-error MISTAKE missing workflow argument
workflowTemplate('w', { ...base, entrypoint: 'inner', arguments: {} });
workflowTemplate('w', {
  ...base,
  entrypoint: 'inner',
  // @ts-expect-error MISTAKE unknown workflow parameter
  synchronization: (w) => ({ mutexes: [{ name: w.parameters.model }] }),
});
workflowTemplate('w', {
  ...base,
  entrypoint: 'inner',
  onExit: (x) => {
    dag('z', {}, (d) => {
      // @ts-expect-error MISTAKE workflow status outside of the exit handler
      d.task('q', notify, { message: x.status });
    });
  },
});
// @ts-expect-error MISTAKE hook without condition
workflowTemplate('w', { ...base, entrypoint: 'inner', hooks: (h) => ({ running: h.run(notify, { message: 'x' }) }) });
// @ts-expect-error MISTAKE cron workflow without schedules
cronWorkflow('c', { template: shared, arguments: { url: 'x' }, schedules: [] });
// @ts-expect-error MISTAKE missing argument of a cron workflow
cronWorkflow('c', { template: shared, arguments: {}, schedules: ['@daily'] });
// @ts-expect-error MISTAKE unknown argument of an event binding
eventBinding('e', { template: shared, arguments: { url: 'x', ulr: 'y' }, selector: 'true' });
// @ts-expect-error MISTAKE template of another workflow template by a wrong name
dag('d', {}, (d) => ({ v: d.task('a', shared.templates.group, { url: 'x' }).outputs.version }));
