import { STAND_IN } from './runs';

/**
 * Hand-written templates whose fate the linter and the language's rules presume. No documentation states it, so the
 * controller has to show it.
 */
const template = (name: string, templates: readonly object[], more: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'WorkflowTemplate',
  metadata: { name },
  spec: { serviceAccountName: 'workflow', entrypoint: 'main', templates, ...more },
});
const python = (name: string, source: string, argument: string) => ({
  name,
  inputs: { parameters: [{ name: 'x', value: '' }] },
  container: {
    image: STAND_IN,
    command: ['python3', '-c', source, argument],
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      runAsUser: 10001,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  },
});
const show = python('show', 'import sys; print(sys.argv[1])', '{{inputs.parameters.x}}');
const task = (name: string, called: string, x: string, more: object = {}) => ({
  name,
  template: called,
  arguments: { parameters: [{ name: 'x', value: x }] },
  ...more,
});

/** A result that holds a control character, as coloured logs do, is passed on. */
export const coloured = template('coloured', [
  {
    name: 'main',
    dag: { tasks: [task('a', 'red', ''), task('b', 'show', '{{tasks.a.outputs.result}}', { depends: 'a' })] },
  },
  python('red', String.raw`print("\x1b[31mred\x1b[0m")`, ''),
  show,
]);

/** One task fails while others have still to begin. */
export const siblings = template('siblings', [
  {
    name: 'main',
    dag: {
      tasks: [
        task('fails', 'end', '3'),
        task('other', 'end', '0'),
        task('later', 'end', '0', { depends: 'other' }),
        task('latest', 'end', '0', { depends: 'later' }),
      ],
    },
  },
  python('end', 'import sys; sys.exit(int(sys.argv[1]))', '{{inputs.parameters.x}}'),
]);

/** The result of a task that is skipped is passed on. */
export const hanging = template('hanging', [
  {
    name: 'main',
    dag: {
      tasks: [
        task('a', 'show', '', { when: '1 == 2' }),
        task('b', 'show', '{{tasks.a.outputs.result}}', { depends: 'a' }),
      ],
    },
  },
  show,
]);

/** A workflow parameter is named like the variable that holds all of them. */
export const json = template(
  'json',
  [
    {
      name: 'main',
      dag: { tasks: [task('a', 'show', '{{workflow.parameters.json}}')] },
      outputs: { parameters: [{ name: 'shown', valueFrom: { parameter: '{{tasks.a.outputs.result}}' } }] },
    },
    show,
  ],
  { arguments: { parameters: [{ name: 'json', value: 'mine' }] } },
);
