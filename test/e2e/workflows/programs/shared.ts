import { z } from 'zod';
import {
  CACHE_LABEL,
  container,
  dag,
  input,
  location,
  output,
  text,
  workflow,
  workflowTemplate,
} from '../../../../src/argo-workflows/language';
import { ECHO, python, workflowAccount } from './parts';

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
