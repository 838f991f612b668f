import { anyOf, dag, input } from '../../argo-workflows/language';
import type { TrainingEnvironment } from '../environment';
import { forEachVariant, settingInputs, variantChoices } from '../variants';
import type { trainingSteps } from './training';

/** Variants that a run trains side by side, each measured when it is trained. */
export function candidateTraining(
  { files, cluster }: TrainingEnvironment,
  { train, evaluate }: Pick<ReturnType<typeof trainingSteps>, 'train' | 'evaluate'>,
) {
  const program = cluster.pipelines.training;
  const candidate = dag(
    'candidate',
    {
      inputs: {
        model: input.string(),
        variant: input.string(),
        seed: input.int(),
        ...settingInputs(program),
        data: files.takes(),
      },
    },
    (d) => {
      const { variant, data } = d.inputs;
      const trained = d.task('train', train, d.inputs);
      const evaluated = d.task('evaluate', evaluate, { variant, data, model: trained.outputs.files });
      return { accuracy: evaluated.outputs.accuracy, candidate: evaluated.outputs.candidate };
    },
  );
  return dag(
    'candidates',
    {
      inputs: {
        model: input.string(),
        variant: input.oneOf(variantChoices),
        seed: input.int(),
        data: files.takes(),
      },
    },
    (d) =>
      forEachVariant((variant) => {
        const { model, seed, data } = d.inputs;
        const wanted = anyOf(d.inputs.variant.eq('all'), d.inputs.variant.eq(variant));
        const given = { model, variant, seed, data, ...program.variants[variant] };
        return d.taskWhen(variant, wanted, candidate, given).outputs.candidate;
      }),
  );
}
