import { scheduleProblem } from '../schedule';
import { isTimeZone } from '../time-zone';
import { type Arguments, literalProblems, refuseHandles, renderArguments, renderField } from './arguments';
import { type Expr, nodeOf, variableHandle } from './expr';
import { valueExpression } from './expression-text';
import type { Inputs } from './inputs';
import { type Manifest, manifest } from './manifest';
import { nameProblems } from './names';
import { type Problem, WorkflowError } from './problem';
import { checkCount } from './quantities';
import type { AnyTemplate } from './template';
import type { WorkflowTemplate } from './workflow-template';

/** What the conditions of a cron workflow can use. */
export interface CronContext {
  /** How many of its runs failed. */
  readonly failed: Expr<number, 'cron workflow'>;
  /** How many of its runs succeeded. */
  readonly succeeded: Expr<number, 'cron workflow'>;
}

/** Fields of a cron workflow. */
export interface CronWorkflowProps<I extends Inputs> {
  /** What it runs. */
  readonly template: WorkflowTemplate<Readonly<Record<string, AnyTemplate>>, I>;
  /** What it is started with. */
  readonly arguments: Arguments<I, never, 'the workflow'>;
  /** When: five fields (minute, hour, day, month, weekday), or `@daily` and its like. */
  readonly schedules: readonly [string, ...string[]];
  /** A name of the IANA database, such as `Europe/Vienna`. @default 'UTC' */
  readonly timezone?: string;
  /** What happens while a run is still going on. @default 'Forbid': the new one is left out */
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
  /** How late a run may begin after the controller was away. @default 300 */
  readonly startingDeadlineSeconds?: number;
  /** Whether it is switched off. @default false */
  readonly suspend?: boolean;
  /** Whether it stops for good. @default - never */
  readonly stopWhen?: (context: CronContext) => Expr<boolean, 'cron workflow'>;
  /** How many runs that succeeded are kept. @default 3 */
  readonly successfulJobsHistoryLimit?: number;
  /** How many runs that failed are kept. @default 3 */
  readonly failedJobsHistoryLimit?: number;
  /** Labels of the object. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A schedule of runs. */
export interface CronWorkflow {
  readonly name: string;
  /**
   * The object for Kubernetes.
   *
   * @throws WorkflowError with all mistakes at once
   */
  toManifest(): Manifest;
}

/**
 * A schedule of runs of a workflow template.
 *
 * @param name at most 52 characters
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/cron-workflows/
 */
export function cronWorkflow<const I extends Inputs>(name: string, props: CronWorkflowProps<I>): CronWorkflow {
  return { name, toManifest: () => render(name, props as unknown as CronWorkflowProps<Inputs>) };
}

function render(name: string, props: CronWorkflowProps<Inputs>): Manifest {
  const where = `cron workflow "${name}"`;
  const problems: Problem[] = [...nameProblems('cron workflow', name, where)];
  const place = { where, owner: undefined, report: (problem: Problem) => problems.push(problem) };
  const timezone = props.timezone ?? 'UTC';
  if (!isTimeZone(timezone)) {
    place.report({ where, what: 'unknown time zone', value: timezone, fix: 'use a name such as "Europe/Vienna"' });
  }
  for (const schedule of props.schedules) {
    const problem = scheduleProblem(schedule);
    if (problem === undefined) continue;
    const fix = 'use five fields such as "0 3 * * 1", or "@daily"; the time zone is a field of its own';
    place.report({ where, what: `bad schedule: ${problem}`, value: schedule, fix });
  }
  if (props.schedules.length === 0) place.report({ where, what: 'no schedule', fix: 'give at least one' });
  for (const problem of literalProblems(where, [props.schedules, props.labels])) place.report(problem);
  checkCount('startingDeadlineSeconds', props.startingDeadlineSeconds, 0, place);
  checkCount('successfulJobsHistoryLimit', props.successfulJobsHistoryLimit, 0, place);
  checkCount('failedJobsHistoryLimit', props.failedJobsHistoryLimit, 0, place);
  refuseHandles({ ...props.arguments }, place);
  const given = renderArguments(props.template.inputs, props.arguments, { ...place, where: `${where}, arguments` });
  const stop = props.stopWhen?.({
    failed: variableHandle(['cronworkflow', 'failed'], 'int'),
    succeeded: variableHandle(['cronworkflow', 'succeeded'], 'int'),
  });
  const spec = {
    schedules: props.schedules,
    timezone,
    concurrencyPolicy: props.concurrencyPolicy ?? 'Forbid',
    startingDeadlineSeconds: props.startingDeadlineSeconds ?? 300,
    successfulJobsHistoryLimit: props.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: props.failedJobsHistoryLimit ?? 3,
    suspend: props.suspend ?? false,
    ...(stop === undefined
      ? {}
      : { stopStrategy: { expression: renderField(nodeOf(stop), 'boolean', stop, place, valueExpression) } }),
    workflowSpec: {
      workflowTemplateRef: { name: props.template.name },
      ...(Object.keys(given).length === 0 ? {} : { arguments: given }),
    },
  };
  if (problems.length > 0) throw new WorkflowError(problems);
  return manifest('CronWorkflow', name, props.labels, {}, spec);
}
