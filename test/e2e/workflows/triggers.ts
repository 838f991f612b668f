import {
  container,
  cronWorkflow,
  dag,
  eventBinding,
  eventValue,
  input,
  output,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import { RESOURCES, STAND_IN } from './runs';

/** What other workflow templates take steps from. */
export const library = workflowTemplate('library', {
  serviceAccount: { name: 'workflow' },
  entrypoint: 'shout',
  templates: {
    shout: container('shout', {
      image: STAND_IN,
      command: ['python3', '-c', `import pathlib, sys; pathlib.Path('/outputs/said').write_text(sys.argv[1].upper())`],
      inputs: { word: input.string() },
      outputs: { said: output.path('/outputs/said') },
      args: (c) => [c.inputs.word],
      resources: RESOURCES,
    }),
  },
});

/** Takes a step of another workflow template. */
export const borrowing = workflowTemplate('borrowing', {
  serviceAccount: { name: 'workflow' },
  entrypoint: 'main',
  templates: {
    main: dag('main', { inputs: { word: input.string({ default: 'borrowed' }) } }, (d) => ({
      said: d.task('shout', library.templates.shout, { word: d.inputs.word }).outputs.said,
    })),
  },
});

/**
 * Stops for good when a run has succeeded. Runs are counted in passes of the controller ten seconds apart, which a schedule
 * that is shorter disturbs.
 */
export const once = cronWorkflow('once', {
  template: borrowing,
  arguments: { word: 'on time' },
  schedules: ['@every 20s'],
  stopWhen: (c) => c.succeeded.gte(1),
});

/** The server that takes events is not part of the test cluster: the API server has to accept the rule. */
export const onEvent = eventBinding('on-event', {
  template: borrowing,
  arguments: { word: eventValue('payload.word') },
  selector: 'discriminator == "word"',
});
