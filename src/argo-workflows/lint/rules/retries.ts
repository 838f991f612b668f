import { isFields, isSet, type Part, partAt, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

const RETRY_POLICIES = ['Always', 'OnFailure', 'OnError', 'OnTransientError'];

/** Every retryStrategy: of the workflow, of its defaults, and of its templates. */
export function retryStrategies(workflow: WorkflowObject): readonly Part[] {
  const parts = [workflow.spec, partAt(workflow.spec, 'templateDefaults'), ...workflow.allTemplates];
  return parts.flatMap((part) => (isFields(part.fields.retryStrategy) ? [partAt(part, 'retryStrategy')] : []));
}

function* retryPolicies(workflow: WorkflowObject): Generator<Problem> {
  for (const retry of retryStrategies(workflow)) {
    const policy = scalarText(retry.fields.retryPolicy);
    if (!isSet(policy) || RETRY_POLICIES.includes(policy ?? '')) continue;
    const fix = suggest(policy ?? '', RETRY_POLICIES, 'use OnFailure');
    yield { at: [...retry.at, 'retryPolicy'], what: 'no such retry policy', value: policy ?? '', fix };
  }
}

function* backoffs(workflow: WorkflowObject): Generator<Problem> {
  for (const retry of retryStrategies(workflow)) {
    if (!isFields(retry.fields.backoff)) continue;
    if (!isSet(retry.fields.limit)) {
      const what = 'backoff without limit: the controller does not wait at all and retries for ever';
      yield { at: [...retry.at, 'backoff'], what, fix: 'set retryStrategy.limit' };
    }
    if (!isSet(retry.fields.backoff.duration)) {
      const what = 'backoff without duration: the first failed attempt ends in an error';
      yield { at: [...retry.at, 'backoff'], what, fix: 'set backoff.duration, such as 30s' };
    }
  }
}

function* retryLimits(workflow: WorkflowObject): Generator<Problem> {
  for (const retry of retryStrategies(workflow)) {
    if (isSet(retry.fields.limit) || isFields(retry.fields.backoff)) continue;
    yield { at: retry.at, what: 'retries without limit', fix: 'set retryStrategy.limit' };
  }
}

function* implicitPolicies(workflow: WorkflowObject): Generator<Problem> {
  for (const retry of retryStrategies(workflow)) {
    if (!isSet(retry.fields.expression) || isSet(retry.fields.retryPolicy)) continue;
    const what = 'with an expression, the policy that is left out is Always instead of OnFailure';
    yield { at: retry.at, what, fix: 'write the retryPolicy that is meant' };
  }
}

function* inheritedRetries(workflow: WorkflowObject): Generator<Problem> {
  const outer = workflow.templates.filter((template) => template.kind === 'steps' || template.kind === 'dag');
  if (outer.length === 0) return;
  for (const part of [workflow.spec, partAt(workflow.spec, 'templateDefaults')]) {
    if (!isFields(part.fields.retryStrategy)) continue;
    const what = `this retryStrategy applies to "${outer[0]?.name ?? ''}" too, so that retries of it and of its steps multiply`;
    yield { at: [...part.at, 'retryStrategy'], what, fix: 'set it on each template that runs a pod' };
  }
}

export const RETRY_RULES: readonly Rule[] = [
  {
    id: 'retry-policy',
    severity: 'error',
    why: 'The controller refuses an unknown retry policy.',
    check: retryPolicies,
  },
  {
    id: 'retry-backoff',
    severity: 'error',
    why: 'The controller waits between attempts only when there is a limit: a backoff without one retries at once and for ever. A backoff without duration is an error at the first failure.',
    check: backoffs,
  },
  {
    id: 'retry-limit',
    severity: 'warning',
    why: 'A step that always fails is tried again until someone stops the workflow.',
    check: retryLimits,
  },
  {
    id: 'retry-policy-implicit',
    severity: 'warning',
    why: 'The default policy changes from OnFailure to Always when there is an expression.',
    check: implicitPolicies,
  },
  {
    id: 'retry-inherited',
    severity: 'warning',
    why: 'A retryStrategy of the workflow or of templateDefaults applies to every template, DAGs and steps included: with limit 2 on two levels, a failing pod runs nine times.',
    check: inheritedRetries,
  },
];
