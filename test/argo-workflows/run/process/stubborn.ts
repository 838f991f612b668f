import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processExecutor } from '../../../../src/argo-workflows/run/process/process-executor';
import { type RunOptions, runWorkflow } from '../../../../src/argo-workflows/run/run-workflow';
import { workflow } from '../workflows';

/** A workflow whose program and a child of it ignore SIGTERM; it prints their process ids and says `up`. */
export function runStubborn(folder: string, options: RunOptions) {
  const volume = join(folder, 'volume');
  mkdirSync(volume, { recursive: true });
  const stubborn = workflow(
    `
- name: main
  script:
    image: busybox
    command: [sh]
    volumeMounts: [{name: shared, mountPath: /shelf}]
    source: |
      trap '' TERM
      while :; do sleep 0.05; done &
      echo "$$ $!" > /shelf/pids
      echo up
      wait
`,
    'volumes: [{name: shared, persistentVolumeClaim: {claimName: shared}}]\nhooks: {exit: {template: work}}',
  );
  const executor = processExecutor({ folder, volumes: { shared: volume }, graceSeconds: 0.2 });
  return runWorkflow(stubborn, { executor, ...options });
}

if (require.main === module) {
  const folder = process.argv[2] ?? '';
  void runStubborn(folder, {
    onEvent: (event) => {
      if (event.type === 'log' && event.line === 'up') writeFileSync(join(folder, 'running'), '');
    },
  });
}
