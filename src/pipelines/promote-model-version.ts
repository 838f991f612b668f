import { dag, input, text, workflowTemplate } from '../argo-workflows/language';
import type { PromotionEnvironment } from './environment';
import { MODELS, promotionSteps } from './steps/promotion';

/** Name of the pipeline and of its namespace. */
export const PROMOTE_MODEL_VERSION = 'promote-model-version';

/** Who decided where nobody is asked. */
const NOBODY = 'policy of the cluster';

/**
 * Makes the cluster serve a version of a model. A rollback is the promotion of the version `previous`: what the stage
 * held before. When nothing would change there is no commit and no tag.
 */
export function promoteModelVersion(environment: PromotionEnvironment) {
  const { cluster } = environment;
  const { check, approve, place, deploy, merge, waitServed, stage, stageBack, collectGarbage } =
    promotionSteps(environment);

  const serve = dag(
    'serve',
    {
      inputs: {
        model: input.string(),
        wanted: input.string(),
        version: input.string(),
        tag: input.string(),
        digest: input.string(),
        by: input.string(),
      },
    },
    (d) => {
      const { model, wanted, version, tag, digest, by } = d.inputs;
      const placed = d.task('place', place, { model, version, digest, folder: text`${MODELS}/${model}/${version}` });
      const deployed = d.task('deploy', deploy, { tag, by }, { after: [placed] });
      // The stage tag comes after the version answers, so that it tells the truth.
      const merged = merge ? d.task('merge', merge, { tag }, { after: [deployed] }) : deployed;
      const served = d.task('wait-served', waitServed, { version, digest }, { after: [merged] });
      const after = { after: [served] };
      const forward = d.taskWhen('stage', wanted.ne('previous'), stage, { model, version, by }, after);
      const back = d.taskWhen('stage-back', wanted.eq('previous'), stageBack, { model, by }, after);
      return { promoted: forward.outputs.stageTag.or(''), rolledBack: back.outputs.stageTag.or('') };
    },
  );

  const pipeline = dag(
    'pipeline',
    {
      inputs: {
        model: input.string({ default: cluster.inference.model, description: 'Name of the model' }),
        version: input.string({
          description: 'Version to serve, such as v1.2.0, or previous: the one before the current one',
        }),
      },
    },
    (d) => {
      const { model, version: wanted } = d.inputs;
      const { version, tag, digest, held } = d.task('check', check, { model, version: wanted }).outputs;
      const chosen = { model, wanted, version, tag, digest };
      if (!cluster.pipelines.approval) {
        const done = d.task('serve', serve, { ...chosen, by: NOBODY }).outputs;
        return { version, digest, promoted: done.promoted, rolledBack: done.rolledBack };
      }
      const { decision, by } = d.task('approve', approve, { tag, instead: held }).outputs;
      const done = d.taskWhen('serve', decision.eq('approve'), serve, { ...chosen, by }).outputs;
      return { version, digest, promoted: done.promoted.or(''), rolledBack: done.rolledBack.or('') };
    },
  );

  return workflowTemplate(PROMOTE_MODEL_VERSION, {
    templates: { pipeline },
    entrypoint: 'pipeline',
    title: 'Promote a model version',
    description: 'Makes the cluster serve a version of a model; the version previous is a rollback.',
    serviceAccount: environment.serviceAccount,
    imagePullPolicy: cluster.imagePullPolicy,
    imagePullSecrets: [{ name: environment.pullSecret.name }],
    // Longer than the waits for people.
    activeDeadlineSeconds: (cluster.pipelines.pullRequest ? 7 : 4) * 86_400,
    // What has failed may still be looked at, or be tried again.
    onExit: (x) => void x.taskWhen('collect-garbage', x.status.eq('Succeeded'), collectGarbage, x.parameters),
    synchronization: (w) => ({ mutexes: [{ name: text`promote-${w.parameters.model}-${cluster.stage}` }] }),
  });
}
