import type { Expression } from '../../expressions/ast';
import { childrenOf } from '../../expressions/ast';
import { describePosition, ExpressionError } from '../../expressions/expression-error';
import { KNOWN_FUNCTIONS, KNOWN_SPRIG_FUNCTIONS } from '../../expressions/known-names';
import { parseExpression } from '../../expressions/parser';
import { printExpression } from '../../expressions/print';
import { findReferences } from '../../expressions/references';
import { splitTags } from '../../expressions/tags';
import { fieldsOf, partAt, partsAt, textOf } from '../fields';
import type { WorkflowObject } from '../model';
import { referencesOf } from '../references';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

function* syntax(workflow: WorkflowObject): Generator<Problem> {
  for (const { site, error } of referencesOf(workflow).broken) {
    yield {
      at: site.at,
      what: `the expression does not parse: ${error.message}`,
      value: error.source.trim(),
      fix: 'correct it',
    };
  }
  for (const { at, source, problem } of eventExpressions(workflow)) {
    if (problem === undefined) continue;
    yield { at, what: `the expression does not parse: ${problem}`, value: source, fix: 'correct it' };
  }
}

interface EventExpression {
  readonly at: Problem['at'];
  readonly source: string;
  readonly problem: string | undefined;
}

/** The selector of an event binding, and what it takes from the event for arguments. */
function* eventExpressions(workflow: WorkflowObject): Generator<EventExpression> {
  if (workflow.kind !== 'WorkflowEventBinding') return;
  const selector = textOf(partAt(workflow.spec, 'event').fields.selector);
  if (selector !== undefined) yield parsed([...workflow.spec.at, 'event', 'selector'], selector);
  for (const parameter of partsAt(workflow.spec, 'submit', 'arguments', 'parameters')) {
    const event = textOf(fieldsOf(parameter.fields.valueFrom).event);
    if (event !== undefined) yield parsed([...parameter.at, 'valueFrom', 'event'], event);
  }
}

function parsed(at: Problem['at'], source: string): EventExpression {
  try {
    parseExpression(source);
    return { at, source, problem: undefined };
  } catch (error) {
    if (error instanceof ExpressionError) return { at, source, problem: error.message };
    throw error;
  }
}

/** What Argo adds to expr, except in stop conditions. */
const ADDED_FUNCTIONS: ReadonlySet<string> = new Set(['asInt', 'asFloat', 'toJson', 'jsonpath']);

function* functions(workflow: WorkflowObject): Generator<Problem> {
  for (const { site, source, functions: called } of referencesOf(workflow).expressions) {
    for (const { name, start } of called) {
      const sprig = name.startsWith('sprig.');
      const bare = sprig ? name.slice('sprig.'.length) : name;
      const known = sprig ? KNOWN_SPRIG_FUNCTIONS : KNOWN_FUNCTIONS;
      const missing = site.at.includes('stopStrategy') && (sprig || ADDED_FUNCTIONS.has(name));
      if (known.has(bare) && !missing) continue;
      if (missing) {
        yield {
          at: site.at,
          what: `the stop condition calls "${name}" at ${describePosition(source, start)}, which it does not know`,
          value: source.trim(),
          fix: 'use what is part of expr; cronworkflow.failed and cronworkflow.succeeded are numbers',
        };
        continue;
      }
      const other = !sprig && KNOWN_SPRIG_FUNCTIONS.has(bare);
      yield {
        at: site.at,
        what: `the expression calls the unknown function "${name}" at ${describePosition(source, start)}`,
        value: source.trim(),
        fix: other ? `write sprig.${bare}` : suggest(bare, [...known], 'use a function of expr or sprig'),
      };
    }
  }
}

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);
const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '**', '^']);

function* types(workflow: WorkflowObject): Generator<Problem> {
  for (const { site, source, expression } of referencesOf(workflow).expressions) {
    if (site.role === 'cron' || site.role === 'foreign') continue;
    for (const node of nodesOf(expression)) {
      if (node.kind !== 'binary' || !(COMPARISONS.has(node.operator) || ARITHMETIC.has(node.operator))) continue;
      const [text, other] = isTextVariable(node.left) ? [node.left, node.right] : [node.right, node.left];
      if (!isTextVariable(text) || !['integer', 'float', 'boolean'].includes(other.kind)) continue;
      const name = printExpression(text);
      const equality = node.operator === '==' || node.operator === '!=';
      const effect = equality ? `is always ${node.operator === '==' ? 'false' : 'true'}` : 'fails';
      yield {
        at: site.at,
        what: `every variable is text, so "${printExpression(node)}" ${effect}`,
        value: source.trim(),
        fix:
          other.kind === 'boolean'
            ? `compare with '${printExpression(other)}'`
            : `write asInt(${name}) or asFloat(${name})`,
      };
    }
  }
}

function* nodesOf(node: Expression): Generator<Expression> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

/** Parameters, results and retry variables: everything that the controller keeps as text. */
function isTextVariable(node: Expression): boolean {
  const [reference, ...others] = findReferences(node).variables;
  if (reference === undefined || others.length > 0) return false;
  if (node.kind !== 'member' && node.kind !== 'identifier' && node.kind !== 'chain') return false;
  const [root = '', kind, name, more] = reference.names;
  if (root === 'retries') return kind === undefined;
  if (root === 'lastRetry') return kind !== undefined;
  if (root === 'inputs' || root === 'workflow')
    return kind === 'parameters' && name !== undefined && more === undefined;
  if (root !== 'steps' && root !== 'tasks') return false;
  return (
    name === 'exitCode' ||
    name === 'status' ||
    (name === 'outputs' && (more === 'result' || reference.names.length === 5))
  );
}

/** Values that nobody outside can choose. */
const HARMLESS =
  /^(workflow\.(uid|name|namespace|creationTimestamp.*|serviceAccountName|mainEntrypoint|priority|duration|status)|pod\.name|node\.name|(inputs|outputs)\.(artifacts|parameters)\.[^.]+\.path|retries|lastRetry\.(exitCode|status|duration)|(steps|tasks)\.[^.]+\.(id|ip|status|exitCode|startedAt|finishedAt))$/;

const SHELL = /(^|\/)(ba|da|z|k|a)?sh$/;
const INLINE_CODE = /^(-c|-ec|-lc|-xc|-exc|-euc|-e|--eval)$/;

function* scripts(workflow: WorkflowObject): Generator<Problem> {
  for (const { site, names, written, inExpression } of referencesOf(workflow).references) {
    if (site.template === undefined || site.role !== 'template' || !isCode(site.template.fields, site.at)) continue;
    if (!inExpression && HARMLESS.test(names.join('.'))) continue;
    const fix = 'pass it in env, and read the variable in the program';
    yield {
      at: site.at,
      what: `${written} is pasted into program text, where its quotes and newlines become code`,
      fix,
    };
  }
}

/** The source of a script, or the text that a shell is told to run. */
function isCode(template: Readonly<Record<string, unknown>>, at: Problem['at']): boolean {
  if (at.at(-1) === 'source' && at.at(-2) === 'script') return true;
  const container = fieldsOf(template.container);
  const words = [container.command, container.args].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  const [program = ''] = words;
  const field = at.at(-2);
  if (at.at(-3) !== 'container' || (field !== 'args' && field !== 'command')) return false;
  const commandLength = Array.isArray(container.command) ? container.command.length : 0;
  const index = Number(at.at(-1)) + (field === 'args' ? commandLength : 0);
  const runsText = SHELL.test(program) || /^(python|node|ruby|perl)/.test(program.split('/').at(-1) ?? '');
  return runsText && INLINE_CODE.test(words[index - 1] ?? '');
}

function* unclosed(workflow: WorkflowObject): Generator<Problem> {
  const seen = new Set<string>();
  for (const template of workflow.allTemplates) {
    for (const call of [...template.steps.flat(), ...template.tasks]) {
      for (const parameter of call.arguments.parameters) {
        const text = textOf(parameter.fields.value) ?? '';
        const key = JSON.stringify(parameter.at);
        if (seen.has(key) || !splitTags(text).some((part) => part.kind === 'open')) continue;
        seen.add(key);
        yield {
          at: [...parameter.at, 'value'],
          what: 'a tag that is never closed',
          value: text,
          fix: 'end it with "}}"',
        };
      }
    }
  }
}

export const EXPRESSION_RULES: readonly Rule[] = [
  {
    id: 'expression-syntax',
    severity: 'error',
    why: 'argo lint does not look at expressions; one that does not parse fails the step when it begins.',
    check: syntax,
  },
  {
    id: 'expression-function',
    severity: 'error',
    why: 'An expression that calls an unknown function fails when the step begins.',
    check: functions,
  },
  {
    id: 'expression-type',
    severity: 'error',
    why: 'Parameters, results and the variables of retries are texts, whatever they look like: compared with a number, they are never equal, and an order is an error.',
    check: types,
  },
  {
    id: 'script-injection',
    severity: 'warning',
    why: 'Tags in program text are filled in before the program is read: a value with a quote breaks it, and one from outside runs as code.',
    check: scripts,
  },
  {
    id: 'unclosed-tag',
    severity: 'error',
    why: 'Without "}}", the text is not filled in, and the next "}}" anywhere behind it ends the tag.',
    check: unclosed,
  },
];
