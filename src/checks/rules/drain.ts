import type { Check, Finding } from '../check';
import { perContext } from '../per-context';
import { type PodTemplate, podTemplates } from '../pods';
import { at, fields, list, number, scalar } from '../read';
import { servicePods } from '../selectors';

const DEFAULT_GRACE_SECONDS = 30;

/** Pods that a Service sends requests to. */
const serving = perContext((context): ReadonlySet<PodTemplate> => {
  const found = new Set<PodTemplate>();
  for (const { manifest } of context.ofKind('Service')) {
    const selector = at(manifest, 'spec', 'selector');
    if (Object.keys(fields(selector)).length === 0) continue;
    for (const pod of servicePods(context, manifest.metadata.namespace ?? '', selector)) found.add(pod);
  }
  return found;
});

/** An update or a drained node loses no request. */
export const drain: Check = {
  id: 'drain',
  severity: 'error',
  why: 'A pod that stops before every proxy has forgotten it, or before its successor is ready, loses the requests of that moment.',
  *run(context) {
    for (const pod of podTemplates(context)) {
      if (pod.lifetime !== 'service') continue;
      yield* gracePeriod(pod);
      if (!serving(context).has(pod)) continue;
      yield* stop(pod);
      yield* update(pod);
    }
  },
};

function* gracePeriod({ object, path, spec, containers }: PodTemplate): Generator<Finding> {
  const grace = number(spec.terminationGracePeriodSeconds) ?? DEFAULT_GRACE_SECONDS;
  for (const container of containers) {
    const sleep = sleepSeconds(container.fields);
    if (sleep === undefined || grace > sleep) continue;
    yield {
      object,
      field: `${path}.terminationGracePeriodSeconds`,
      what: `leaves no time after the preStop sleep of ${sleep} s`,
      got: grace,
      fix: 'set the sleep plus the longest request plus 5 s',
    };
  }
}

/** Serving containers are those with ports; one that has none gets no requests. */
function* stop({ object, containers }: PodTemplate): Generator<Finding> {
  for (const { fields: container, path, role } of containers) {
    if (role !== 'main' || list(container.ports).length === 0 || at(container, 'lifecycle', 'preStop') !== undefined)
      continue;
    yield {
      object,
      field: `${path}.lifecycle.preStop`,
      what: 'stops at once while requests still come',
      fix: 'sleep some seconds (preStop.sleep.seconds), so that endpoints forget the pod first',
    };
  }
}

function* update({ object }: PodTemplate): Generator<Finding> {
  const strategy = fields(at(object.manifest, 'spec', 'strategy'));
  const { kind } = object.manifest;
  const [field, parameters] =
    kind === 'Deployment' && strategy.type !== 'Recreate'
      ? ['spec.strategy.rollingUpdate', strategy.rollingUpdate]
      : kind === 'Rollout' && strategy.canary !== undefined
        ? ['spec.strategy.canary', strategy.canary]
        : [];
  if (field === undefined) return;
  const { maxUnavailable, maxSurge } = fields(parameters);
  if (maxUnavailable !== 0 && maxUnavailable !== '0%') {
    yield {
      object,
      field: `${field}.maxUnavailable`,
      what: 'lets pods go before their successors are ready',
      got: maxUnavailable ?? 'nothing, which means 25%',
      fix: 'set it to 0, and maxSurge to 1',
    };
  } else if (maxSurge === 0 || maxSurge === '0%') {
    yield {
      object,
      field: `${field}.maxSurge`,
      what: 'leaves the update no way to begin',
      got: maxSurge,
      fix: 'set it to 1',
    };
  }
}

/** Of the sleep action, or of a command that begins with sleep. */
function sleepSeconds(container: unknown): number | undefined {
  const preStop = at(container, 'lifecycle', 'preStop');
  const command = list(at(preStop, 'exec', 'command'))
    .map(scalar)
    .join(' ');
  const written = /\bsleep (\d+)/.exec(command)?.[1];
  return number(at(preStop, 'sleep', 'seconds')) ?? (written === undefined ? undefined : Number(written));
}
