import type { Check } from '../check';
import { at, fields } from '../read';

/** Only templates are synced; runs are started, never kept in Git. */
export const workflowInGit: Check = {
  id: 'workflow-in-git',
  severity: 'error',
  why: 'Argo CD would run a synced Workflow once and then report drift, and an object with generateName is made anew at every sync.',
  *run({ objects }) {
    for (const object of objects) {
      const { apiVersion, kind, metadata } = object.manifest;
      const generated = fields(metadata).generateName;
      if (generated !== undefined) {
        yield {
          object,
          field: 'metadata.generateName',
          what: 'gets another name at every sync',
          got: generated,
          fix: 'give it a fixed metadata.name',
        };
      }
      if (apiVersion.startsWith('argoproj.io/') && kind === 'Workflow') {
        yield {
          object,
          field: 'kind',
          what: 'is a run, which does not belong in a synced folder',
          got: kind,
          fix: 'make it a WorkflowTemplate, and start runs by a CronWorkflow, an event or "argo submit --from"',
        };
      }
      if (
        kind === 'Job' &&
        at(object.manifest, 'spec', 'ttlSecondsAfterFinished') !== undefined &&
        !isHook(metadata.annotations)
      ) {
        yield {
          object,
          field: 'spec.ttlSecondsAfterFinished',
          what: 'removes the finished Job, which Argo CD then makes again, for ever',
          got: at(object.manifest, 'spec', 'ttlSecondsAfterFinished'),
          fix: 'leave it out, or make the Job a hook with argocd.argoproj.io/hook',
        };
      }
    }
  },
};

function isHook(annotations: unknown): boolean {
  return fields(annotations)['argocd.argoproj.io/hook'] !== undefined;
}
