import { dag, output, raw, text, workflowTemplate } from '../../../../src/argo-workflows/language';
import { RESOURCES as resources, STAND_IN } from '../runs';
import { fail, say, workflowAccount } from './parts';

/** A failure that a handler of the workflow sees, with hooks of tasks on the way. */
export const handlers = workflowTemplate('handlers', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const good = d.task('good', say, { word: 'well' });
      d.onExit(good, say, (gave) => ({ word: text`after ${gave.said.or('nothing')}` }));
      // A short program may have ended before the controller sees it run.
      d.onEvent(good, 'done', good.status.eq('Succeeded'), say, { word: 'it is done' });
      const bad = d.task('bad', fail, {}, { after: [good] });
      d.onExit(bad, say, (gave) => ({ word: text`${bad.status}, ${gave.said.or('nothing')} said` }));
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
      const unsure = d.taskWhen('unsure', good.outputs.said.eq('good'), fail, {});
      const late = d.taskAfter('late', unsure.failed, say, {
        word: text`it left ${unsure.outputs.said.or('nothing')}`,
      });
      return { joined: joined.outputs.said, left: late.outputs.said.or('') };
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
