import { z } from 'zod';
import {
  CACHE_LABEL,
  container,
  containerSet,
  daemon,
  dag,
  http,
  input,
  location,
  output,
  raw,
  resource,
  script,
  steps,
  suspend,
  text,
  workflow,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import { RESOURCES as resources, STAND_IN } from './runs';

const python = (source: string) =>
  ({ image: STAND_IN, command: ['python3', '-c', source], resources, retry: 'never' }) as const;
const workflowAccount = { serviceAccount: { name: 'workflow' } } as const;

/** Writes its first argument into the file of its output. */
const ECHO = `import pathlib, sys; pathlib.Path('/outputs/said').write_text(sys.argv[1])`;

const say = container('say', {
  ...python(ECHO),
  inputs: { word: input.string() },
  outputs: { said: output.path('/outputs/said') },
  args: (c) => [c.inputs.word],
});
const fail = container('fail', { ...python('import sys; sys.exit(3)') });
const count = container('count', {
  ...python(`import pathlib, sys; pathlib.Path('/outputs/rows').write_text(str(10 * int(sys.argv[1])))`),
  inputs: { n: input.int() },
  outputs: { rows: output.int('/outputs/rows') },
  args: (c) => [c.inputs.n],
});
const list = container('list', {
  ...python(`import pathlib, sys; pathlib.Path('/outputs/list').write_text(sys.argv[1])`),
  inputs: { json: input.string() },
  outputs: { list: output.json('/outputs/list', z.array(z.object({ id: z.string() }))) },
  args: (c) => [c.inputs.json],
});

/** Outputs that may be absent, through two levels of DAGs. */
export const conditional = workflowTemplate('conditional', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', { inputs: { go: input.boolean({ default: false }) } }, (d) => {
      const inner = dag('inner', { inputs: { go: input.boolean() } }, (i) => {
        const taken = i.taskWhen('taken', i.inputs.go.eq(false), say, { word: 'taken' });
        const skipped = i.taskWhen('skipped', i.inputs.go, say, { word: 'skipped' });
        return { taken: taken.outputs.said, skipped: skipped.outputs.said };
      });
      const { taken, skipped } = d.task('inner', inner, { go: d.inputs.go }).outputs;
      const left = d.taskWhen('left', d.inputs.go, say, { word: 'left' });
      const joined = d.task('join', say, {
        word: text`${taken.or('-')}/${skipped.or('-')}/${left.outputs.said.or('-')}`,
      });
      return { joined: joined.outputs.said, direct: skipped.or('none') };
    }),
  },
});

/** Loops over literals, numbers and lists that only the run knows, one of them empty. */
export const loops = workflowTemplate('loops', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const three = d.each('three', [1, 2, 3], count, (n) => ({ n }));
      const numbers = d.eachNumber('numbers', { start: 4, end: 5 }, count, (n) => ({ n }));
      const some = d.task('some', list, { json: '[{"id":"a"},{"id":"b c"}]' });
      const none = d.task('none', list, { json: '[]' });
      const words = d.eachOf('words', some.outputs.list, say, (item) => ({ word: item.get('id') }));
      const nothing = d.eachOf('nothing', none.outputs.list, say, (item) => ({ word: item.get('id') }));
      const size = d.task('size', say, { word: text`${nothing.outputs.said.or([]).size()}` });
      return {
        three: three.outputs.rows,
        numbers: numbers.outputs.rows,
        words: words.outputs.said.or([]),
        second: words.outputs.said.or([]).at(1).toText(),
        size: size.outputs.said,
      };
    }),
  },
});

/** Groups of steps, a template of another workflow template, a script and containers side by side in one pod. */
export const groups = workflowTemplate('groups', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: steps('main', {}, (s) => {
      const upper = script('upper', {
        image: STAND_IN,
        command: ['python3'],
        source: `import os, pathlib\npathlib.Path('/outputs/said').write_text(os.environ['WORD'].upper())\n`,
        inputs: { word: input.string() },
        outputs: { said: output.path('/outputs/said') },
        env: (c) => ({ WORD: c.inputs.word }),
        resources,
      });
      const together = containerSet('together', {
        inputs: { word: input.string() },
        outputs: { said: output.path('/shared/said') },
        containers: (c) => ({
          first: {
            image: STAND_IN,
            command: [
              'python3',
              '-c',
              `import os, pathlib; pathlib.Path('/shared/first').write_text(os.environ['WORD'])`,
            ],
            env: { WORD: c.inputs.word },
            resources,
          },
          main: {
            image: STAND_IN,
            command: [
              'python3',
              '-c',
              `import pathlib; pathlib.Path('/shared/said').write_text(pathlib.Path('/shared/first').read_text() * 2)`,
            ],
            resources,
            after: ['first'],
          },
        }),
      });
      const { foreign, shout, set } = s.group({
        foreign: s.call(conditional.templates.main, { go: true }),
        shout: s.call(upper, { word: `it's "$(quoted)" {a}` }),
        set: s.call(together, { word: 'ab' }),
      });
      const { last } = s.group({ last: s.call(say, { word: text`${foreign.outputs.joined}+${set.outputs.said}` }) });
      return { shout: shout.outputs.said, last: last.outputs.said };
    }),
  },
});

/** A failure that a handler of the workflow sees, with hooks of tasks on the way. */
export const handlers = workflowTemplate('handlers', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const good = d.task('good', say, { word: 'well' });
      d.onExit(good, say, { word: text`after ${good.outputs.said}` });
      // A short program may have ended before the controller sees it run.
      d.onEvent(good, 'done', good.status.eq('Succeeded'), say, { word: 'it is done' });
      d.task('bad', fail, {}, { after: [good] });
    }),
  },
  onExit: (x) => {
    x.task('tell', say, { word: text`${x.status}` });
    x.taskWhen('alert', x.status.ne('Succeeded'), say, { word: x.failures });
    x.taskWhen('cheer', x.status.eq('Succeeded'), say, { word: 'hooray' });
  },
});

/** A task that rescues another makes its DAG succeed. */
export const rescue = workflowTemplate('rescue', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const bad = d.task('bad', fail, {});
      const rescued = d.taskAfter('rescue', bad.failed.or(bad.errored), say, { word: text`it was ${bad.status}` });
      const good = d.task('good', say, { word: 'good' });
      const idle = d.taskAfter('idle', good.failed, say, { word: 'never' });
      const joined = d.task('join', say, { word: text`${rescued.outputs.said.or('-')}/${idle.outputs.said.or('-')}` });
      return { joined: joined.outputs.said };
    }),
  },
});

/** A person answers; another pause ends by itself. */
export const questions = workflowTemplate('questions', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const nap = suspend('nap', { duration: '1s' });
      const ask = suspend('ask', {
        inputs: { about: input.string() },
        answers: { decision: input.oneOf(['no', 'yes']), by: input.string() },
      });
      const slept = d.task('nap', nap, {});
      const { decision, by } = d.task('ask', ask, { about: 'all' }, { after: [slept] }).outputs;
      const told = d.taskWhen('tell', decision.eq('yes'), say, { word: by });
      return { by: told.outputs.said.or('nobody') };
    }),
  },
});

const hurried = (name: string, answers: Parameters<typeof suspend>[1]['answers']) =>
  workflowTemplate(name, {
    ...workflowAccount,
    entrypoint: 'main',
    templates: {
      main: dag('main', {}, (d) => {
        const asked = d.task('ask', suspend('ask', { answers, duration: '1s' }), {});
        d.task('tell', say, { word: 'goes on' }, { after: [asked] });
      }),
    },
  });

/** A question that nobody answers in time, and for which there is no answer by default. */
export const unanswered = hurried('unanswered', { decision: input.oneOf(['no', 'yes']), by: input.string() });
/** One with an answer by default. */
export const answered = hurried('answered', { decision: input.oneOf(['no', 'yes'], { default: 'no' }) });

const SERVER = `
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'pong')
    def log_message(self, *args): pass
http.server.HTTPServer(('', 8080), Handler).serve_forever()`;

/** A server beside the steps, asked by a program and by Argo's own agent. */
export const servers = workflowTemplate('servers', {
  serviceAccount: { name: 'asker' },
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const server = daemon('server', {
        ...python(SERVER),
        readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, failureThreshold: 60 },
      });
      const ask = container('ask', {
        ...python(
          `import pathlib, sys, urllib.request; pathlib.Path('/outputs/said').write_text(urllib.request.urlopen(sys.argv[1]).read().decode())`,
        ),
        inputs: { address: input.string() },
        outputs: { said: output.path('/outputs/said') },
        args: (c) => [text`http://${c.inputs.address}:8080/`],
      });
      const call = http('call', {
        inputs: { address: input.string() },
        url: (c) => text`http://${c.inputs.address}:8080/`,
      });
      const { ip } = d.task('server', server, {}).outputs;
      const asked = d.task('ask', ask, { address: ip });
      const called = d.task('call', call, { address: ip });
      return { asked: asked.outputs.said, called: called.outputs.result };
    }),
  },
});

/** An object of Kubernetes, made and read again. */
export const objects = workflowTemplate('objects', {
  serviceAccount: { name: 'workflow' },
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const make = resource('make', {
        inputs: { value: input.string() },
        outputs: { value: output.jsonPath('{.data.value}'), kind: output.jqFilter('.kind') },
        action: 'create',
        manifest: (c) => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'made-by-a-workflow' },
          data: { value: c.inputs.value },
        }),
        setOwnerReference: true,
        serviceAccount: { name: 'maker' },
      });
      const { value, kind } = d.task('make', make, { value: 'a "b"' }).outputs;
      return { value, kind };
    }),
  },
});

const cache = { name: 'step-cache' };

/** ConfigMaps that the programs use. */
export const configMaps: readonly object[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: cache.name, labels: CACHE_LABEL } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits' }, data: { busy: '1' } },
];

const CLOCK = `
import pathlib, time
begin = time.time(); time.sleep(2)
pathlib.Path('/outputs/times').write_text(f'[{begin}, {time.time()}]')`;

/** Outputs that are taken again, and locks that keep programs apart. */
export const shared = workflowTemplate('shared', {
  ...workflowAccount,
  entrypoint: 'main',
  synchronization: { mutexes: [{ name: text`run-${workflow.name}` }] },
  templates: {
    main: dag('main', {}, (d) => {
      const times = output.json('/outputs/times', z.tuple([z.number(), z.number()]));
      const remembered = container('remembered', {
        ...python(ECHO),
        inputs: { word: input.string(), key: input.string() },
        outputs: { said: output.path('/outputs/said') },
        args: (c) => [c.inputs.word],
        memoize: (c) => ({ key: text`${workflow.uid}-${c.inputs.key}`, maxAge: '1h', configMap: cache }),
      });
      const alone = container('alone', {
        ...python(CLOCK),
        outputs: { times },
        synchronization: { mutexes: [{ name: 'alone' }] },
      });
      const few = container('few', {
        ...python(CLOCK),
        outputs: { times },
        synchronization: { semaphores: [{ configMap: { name: 'limits' }, key: 'busy' }] },
      });
      const first = d.task('first', remembered, { word: 'first', key: 'a' });
      const again = d.task('again', remembered, { word: 'again', key: 'a' }, { after: [first] });
      const other = d.task('other', remembered, { word: 'other', key: 'b' }, { after: [first] });
      const mutexes = [d.task('a', alone, {}), d.task('b', alone, {})] as const;
      const semaphores = [d.task('c', few, {}), d.task('d', few, {})] as const;
      return {
        said: text`${again.outputs.said}/${other.outputs.said}`,
        a: mutexes[0].outputs.times.toText(),
        b: mutexes[1].outputs.times.toText(),
        c: semaphores[0].outputs.times.toText(),
        d: semaphores[1].outputs.times.toText(),
      };
    }),
  },
});

/** A file that Argo brings without an object store, memory from a parameter, and metrics. */
export const files = workflowTemplate('files', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', { inputs: { memory: input.string({ default: '96Mi' }) } }, (d) => {
      const read = container('read', {
        ...python(
          `import pathlib, sys; pathlib.Path('/outputs/said').write_text(pathlib.Path(sys.argv[1]).read_text())`,
        ),
        inputs: {
          note: input.artifact('/inputs/note', { location: location.raw('written down') }),
          more: input.optionalArtifact('/inputs/more'),
          memory: input.string(),
        },
        outputs: { said: output.path('/outputs/said') },
        args: (c) => [c.inputs.note.path],
        podSpecPatch: (c) => ({ containers: [{ name: 'main', resources: { limits: { memory: c.inputs.memory } } }] }),
        metrics: (m) => [{ kind: 'gauge', name: 'language_test_seconds', help: 'How long it took', value: m.duration }],
      });
      return { said: d.task('read', read, { memory: d.inputs.memory }).outputs.said };
    }),
  },
});

/** Ends with the exit code that its arguments give to the attempt, counted from 0; the last one is for all others. */
const ATTEMPTS = `
import pathlib, sys
attempt, *codes = map(int, sys.argv[1:])
pathlib.Path('/outputs/said').write_text(f'attempt {attempt}')
sys.exit(codes[min(attempt, len(codes) - 1)])`;

const attempts = (name: string, codes: readonly number[]) =>
  raw(name, {
    outputs: { said: output.path('/outputs/said') },
    template: () => ({
      serviceAccountName: 'workflow',
      automountServiceAccountToken: false,
      executor: { serviceAccountName: 'workflow' },
      activeDeadlineSeconds: 120,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        fsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      retryStrategy: {
        limit: '2',
        retryPolicy: 'Always',
        backoff: { duration: '1s' },
        expression: 'asInt(lastRetry.exitCode) in [137, 143]',
      },
      volumes: [{ name: 'outputs', emptyDir: { sizeLimit: '1Mi' } }],
      container: {
        image: STAND_IN,
        command: ['python3', '-c', ATTEMPTS],
        args: [`{{${'retries'}}}`, ...codes.map(String)],
        resources,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
        volumeMounts: [{ name: 'outputs', mountPath: '/outputs' }],
      },
    }),
  });

const retrying = (name: string, codes: readonly number[]) =>
  workflowTemplate(name, {
    ...workflowAccount,
    entrypoint: 'main',
    templates: {
      main: dag('main', {}, (d) => ({ said: d.task('work', attempts('work', codes), {}).outputs.said })),
    },
  });

/** Tried again after it was killed, until it works. */
export const retried = retrying('retried', [137, 143, 0]);
/** Killed at each attempt. */
export const exhausted = retrying('exhausted', [137]);
/** A mistake is not tried again. */
export const mistaken = retrying('mistaken', [1, 0]);
