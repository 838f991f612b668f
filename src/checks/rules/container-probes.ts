import type { Check } from '../check';
import { podTemplates } from '../pods';
import { at, type Fields, fields, number } from '../read';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** What a probe asks, without how often. */
const HANDLERS = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

/** Whoever runs until stopped says when it started, whether requests may come and whether a restart would help. */
export const containerProbes: Check = {
  id: 'container-probes',
  severity: 'error',
  why: 'Without readiness users meet pods that cannot answer yet; a liveness probe that asks the same restarts pods that are merely busy.',
  *run(context) {
    for (const { object, containers, lifetime } of podTemplates(context)) {
      if (lifetime !== 'service') continue;
      for (const { fields: container, path, role } of containers) {
        if (role !== 'main') continue;
        const lacking = PROBES.filter((probe) => question(container[probe]) === undefined);
        if (lacking.length > 0) {
          yield {
            object,
            field: path,
            what: `has no ${lacking.join(', ')}`,
            fix: 'add them: startup waits for the start, readiness asks whether it can serve, liveness only whether it still runs',
          };
        }
        const readiness = question(container.readinessProbe);
        if (readiness !== undefined && readiness === question(container.livenessProbe)) {
          yield {
            object,
            field: `${path}.livenessProbe`,
            what: 'asks what readinessProbe asks',
            got: handler(container.livenessProbe),
            fix: 'let liveness ask something that fails only when a restart would help, such as /health beside /ready',
          };
        }
        const deadline = number(at(object.manifest, 'spec', 'progressDeadlineSeconds'));
        const start = startSeconds(container.startupProbe);
        if (deadline !== undefined && start >= deadline) {
          yield {
            object,
            field: `${path}.startupProbe`,
            what: `allows ${start} s to start, and the update counts as failed after ${deadline} s`,
            got: fields(container.startupProbe).failureThreshold,
            fix: 'raise progressDeadlineSeconds above failureThreshold times periodSeconds',
          };
        }
      }
    }
  },
};

function handler(probe: unknown): Fields {
  return Object.fromEntries(
    Object.entries(fields(probe)).filter(([key]) => (HANDLERS as readonly string[]).includes(key)),
  );
}

function question(probe: unknown): string | undefined {
  const asked = handler(probe);
  return Object.keys(asked).length > 0 ? JSON.stringify(asked) : undefined;
}

function startSeconds(probe: unknown): number {
  const { initialDelaySeconds, failureThreshold, periodSeconds } = fields(probe);
  return (number(initialDelaySeconds) ?? 0) + (number(failureThreshold) ?? 3) * (number(periodSeconds) ?? 10);
}
