import { createHash } from 'node:crypto';
import { type Catalogue, findBase, readConfigMap } from '../lint/catalogue';
import { documentOf, type YamlDocument } from '../lint/documents';
import { isSet, scalarText, textOf } from '../lint/fields';
import { lintDocuments } from '../lint/lint';
import { type Call, callsOf, readWorkflow, type WorkflowObject } from '../lint/model';
import { resolveArguments } from './arguments';
import { runCall } from './call';
import type { Ask, GlobalOutputs, RunContext } from './context';
import { newDaemons } from './daemons';
import type { RunEvent } from './events';
import type { Executor } from './executor';
import { creationTimes, globalVariables, parameterList, workflowParameters } from './globals';
import { newLimit, newLocks } from './locks';
import type { Memory } from './memoization';
import { type Mock, mockExecutor, withMocks } from './mocks';
import { failuresText } from './node-variables';
import { isFailed, type Phase, RunError, type RunNode, type RunResult, runResult } from './result';
import { evaluateCondition, type Scope } from './scope';
import { runTemplate } from './template';
import { withTemplateDefaults } from './template-defaults';

export interface RunOptions {
  /**
   * What runs the programs.
   *
   * @default nothing does: every program succeeds after a second of a virtual clock, with outputs that name themselves
   */
  readonly executor?: Executor;
  /** What to do instead of running a template, by its name. */
  readonly mocks?: Readonly<Record<string, Mock>>;
  /** Values for the parameters of the workflow. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** What people answer to suspended templates: output parameters by template. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Asks for answers that are not given before. @default - a step that waits for one is an error */
  readonly ask?: Ask;
  /** Other objects that the workflow uses: WorkflowTemplates and ConfigMaps. */
  readonly objects?: readonly object[];
  /** How many first attempts of a step, task or template fail, by its name. */
  readonly fail?: Readonly<Record<string, number>>;
  /** Steps and tasks that are left out, as if their condition were false. */
  readonly skip?: readonly string[];
  /** `workflow.name` and the name of the root node. @default the name of the object */
  readonly name?: string;
  /** `workflow.uid`. @default zeros */
  readonly uid?: string;
  /** Called for everything that happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops the run: what runs is ended, nothing new begins, and the run fails. */
  readonly signal?: AbortSignal;
  /** What memoized templates have given; a map that is passed again remembers earlier runs. */
  readonly memory?: Memory;
}

/**
 * Runs a synthesized Workflow, WorkflowTemplate or CronWorkflow without a cluster. Locks are those of one run; metrics
 * are not emitted.
 *
 * @param object the object as it would be applied.
 * @throws {RunError} for an object that the linter refuses, a reference that never resolves where the controller would
 *   wait for it, an argument, answer or object that is missing, a failing expression, and what the executor cannot run.
 *   What ran has ended then.
 */
export async function runWorkflow(object: object, options: RunOptions = {}): Promise<RunResult> {
  const written = [object, ...(options.objects ?? [])].map((each, index) => documentOf(each, `object ${index + 1}`));
  refuseErrors(written);
  const documents = withTemplateDefaults(written);
  const catalogue: Catalogue = {
    workflows: documents.flatMap((document) => readWorkflow(document) ?? []),
    configMaps: documents.flatMap((document) => readConfigMap(document) ?? []),
  };
  const [workflow] = catalogue.workflows;
  if (workflow === undefined || workflow.document !== documents[0] || workflow.kind === 'WorkflowEventBinding') {
    throw new RunError('runWorkflow', 'this is no workflow', 'pass a Workflow, WorkflowTemplate or CronWorkflow');
  }
  refuseUnknownNames(catalogue, options);
  return run(workflow, catalogue, options);
}

/** Digests of what the linter has let pass: tests run the same objects over and over. */
const passed = new Set<string>();

function refuseErrors(documents: readonly YamlDocument[]): void {
  const digest = createHash('sha256');
  for (const { object } of documents) digest.update(JSON.stringify(object));
  const key = digest.digest('hex');
  if (passed.has(key)) return;
  const [error, ...others] = lintDocuments(documents).findings.filter((finding) => finding.severity === 'error');
  if (error === undefined) {
    passed.add(key);
    return;
  }
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new RunError(`${error.object} ${error.path}`, `${error.what}${more}`, error.fix);
}

/** Names that select nothing are mistakes of typing. */
function refuseUnknownNames(
  catalogue: Catalogue,
  { fail = {}, skip = [], mocks = {}, answers = {} }: RunOptions,
): void {
  const templates = catalogue.workflows.flatMap((each) => each.allTemplates);
  const calls = templates.flatMap(callsOf).map((call) => call.name);
  const names = templates.map((each) => each.name);
  const check = (option: string, given: readonly string[], known: readonly string[]): void => {
    const unknown = given.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const list = [...new Set(known)].join(', ');
    throw new RunError(option, `nothing in the workflow is called "${unknown}"`, `use one of ${list || '(none)'}`);
  };
  check('fail', Object.keys(fail), [...calls, ...names]);
  check('skip', skip, calls);
  check('answers', Object.keys(answers), names);
  check('mocks', Object.keys(mocks), names);
}

async function run(workflow: WorkflowObject, catalogue: Catalogue, options: RunOptions): Promise<RunResult> {
  const base = findBase(catalogue, workflow);
  if (isSet(workflow.spec.fields.workflowTemplateRef) && base === undefined) {
    throw new RunError(workflow.name, 'its WorkflowTemplate is not among the objects', 'pass it in objects');
  }
  const specs = [workflow, ...(base === undefined ? [] : [base])];
  const field = (name: string): unknown => specs.map((each) => each.spec.fields[name]).find(isSet);
  const entrypoint = textOf(field('entrypoint'));
  if (entrypoint === undefined)
    throw new RunError(workflow.name, 'it has no entrypoint', 'name one in spec.entrypoint');
  const holder = base ?? workflow;
  const globalOutputs: GlobalOutputs = { parameters: {}, artifacts: {} };
  const parameters = workflowParameters(specs, catalogue, options.arguments ?? {});
  const executor = withMocks(options.executor ?? mockExecutor(), options.mocks ?? {});
  const clock = executor.clock();
  const identity = {
    name: options.name ?? workflow.name,
    namespace: workflow.namespace === '' ? 'default' : workflow.namespace,
    uid: options.uid ?? '00000000-0000-0000-0000-000000000000',
  };
  const texts = new Map([...creationTimes(workflow, clock), ['workflow.parameters', parameterList(parameters)]]);
  const scope = (status: string, duration: number, failures?: string): Scope => ({
    variables: globalVariables(workflow, identity, clock, parameters, globalOutputs, entrypoint, {
      status,
      duration,
      failures,
    }),
    texts,
  });
  const halt = new AbortController();
  const signal = options.signal === undefined ? halt.signal : AbortSignal.any([options.signal, halt.signal]);
  const pods = Number(scalarText(field('parallelism')) ?? Number.POSITIVE_INFINITY);
  const waits = new Map<string, string>();
  const running: Scope = scope('Running', 0);
  const common: RunContext = {
    catalogue,
    executor,
    clock,
    run: identity,
    answers: options.answers ?? {},
    ...(options.ask === undefined ? {} : { ask: options.ask }),
    skip: new Set(options.skip),
    fail: options.fail ?? {},
    globals: running,
    globalOutputs,
    exports: new Map(),
    deadline: Number(scalarText(field('activeDeadlineSeconds')) ?? Number.POSITIVE_INFINITY),
    signal,
    emit: (event) => {
      if (event.type === 'waiting') waits.set(event.name, event.reason);
      if (event.type === 'resumed') waits.delete(event.name);
      options.onEvent?.(event);
    },
    locks: newLocks(),
    pods: newLimit(pods, 'parallelism of the workflow'),
    memory: options.memory ?? new Map(),
    running: new Set(),
    runCall,
  };
  const start = async (call: Call, name: string, context: RunContext): Promise<RunNode> => {
    const template = holder.templates.find((each) => each.name === call.template);
    if (template === undefined) throw new RunError(name, `there is no template "${call.template ?? ''}"`, 'define it');
    const daemons = newDaemons();
    const node = await runTemplate({
      context,
      found: { template, workflow: holder },
      nodeName: name,
      displayName: name,
      parent: '',
      values: resolveArguments(call.arguments, context.globals, name, context),
      outer: context.globals,
      depth: 0,
      daemons,
    });
    await daemons.stop();
    return node;
  };
  const hooks = specs.map((each) => each.hooks).find((each) => each.length > 0) ?? [];
  const hookNodes = new Map<Call, Promise<RunNode>>();
  const startHook = (hook: Call, globals: Scope, deadline: number): void => {
    const name = hook.name === 'exit' ? `${identity.name}.onExit` : `${identity.name}.hooks.${hook.name}`;
    const expression = textOf(hook.fields.expression) ?? '';
    if (expression !== '' && !evaluateCondition(expression, globals, name)) return;
    hookNodes.set(hook, start(hook, name, { ...common, globals, deadline }));
  };
  const whole = async (): Promise<RunResult> => {
    // Nobody else is here to hold them; but what is inside may want them too.
    const unlock = await common.locks.acquire(field('synchronization'), identity.name, common);
    for (const hook of hooks) if (hook.name !== 'exit') startHook(hook, running, common.deadline);
    const values = specs.map((each) => each.arguments).find((each) => each.artifacts.length > 0) ?? workflow.arguments;
    const main = { ...NO_CALL, template: entrypoint, arguments: { ...values, parameters: namedValues(parameters) } };
    const [root] = await Promise.all([start(main, identity.name, common), ...hookNodes.values()]);
    unlock();
    const phase: Phase = signal.aborted ? 'Failed' : root.phase;
    const ended = scope(phase, clock.now(), failuresText(root, clock));
    for (const hook of hooks) {
      if (!hookNodes.has(hook) && !signal.aborted) startHook(hook, ended, Number.POSITIVE_INFINITY);
    }
    await Promise.all(hookNodes.values());
    const nodes = await Promise.all(hooks.flatMap((hook) => hookNodes.get(hook) ?? []));
    const stopped = signal.aborted && !isFailed(root.phase);
    const shown = stopped ? { ...root, phase, message: 'the run was stopped' } : root;
    return runResult(shown, nodes, globalOutputs, clock.now());
  };

  try {
    return await Promise.race([whole(), standstill(common, waits)]);
  } catch (error) {
    halt.abort();
    await Promise.allSettled([...common.running]);
    throw error;
  }
}

/** Fails when nothing can ever go on. */
function standstill(context: RunContext, waits: ReadonlyMap<string, string>): Promise<never> {
  return new Promise((_, reject) => {
    context.clock.onStandstill(() => {
      const [[name, reason] = [context.run.name, 'something that never comes']] = waits;
      reject(new RunError(name, `it waits for ever: ${reason}`, 'let others give back what it needs'));
    });
  });
}

const NO_CALL: Call = {
  at: [],
  fields: {},
  kind: 'hook',
  name: '',
  arguments: { at: [], parameters: [], artifacts: [] },
  hooks: [],
};

/** Parameters with their values, as the arguments of the entrypoint. */
function namedValues(parameters: Readonly<Record<string, string>>): Call['arguments']['parameters'] {
  return Object.entries(parameters).map(([name, value]) => ({ at: [], name, fields: { name, value } }));
}
