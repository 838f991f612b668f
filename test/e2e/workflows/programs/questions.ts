import { dag, input, suspend, workflowTemplate } from '../../../../src/argo-workflows/language';
import { say, workflowAccount } from './parts';

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
