import { findCycle } from '../../cycle';
import { dependsTasks } from '../../expressions/depends';
import { ExpressionError } from '../../expressions/expression-error';
import { splitTags } from '../../expressions/tags';
import { parseWhen } from '../../expressions/when';
import { type Catalogue, findCalled } from '../catalogue';
import { isFields, isSet, listOf, textOf } from '../fields';
import { dependsOf } from '../graph';
import { type Call, callsOf, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

function* loops(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    const given = ['withItems', 'withParam', 'withSequence'].filter((field) =>
      Array.isArray(call.fields[field]) ? listOf(call.fields[field]).length > 0 : isSet(call.fields[field]),
    );
    if (given.length > 1)
      yield { at: call.at, what: `a loop over ${given.join(' and ')}`, value: call.name, fix: 'keep one of them' };
    const sequence = call.fields.withSequence;
    if (isFields(sequence) && isSet(sequence.count) && isSet(sequence.end)) {
      yield { at: [...call.at, 'withSequence'], what: 'a sequence with count and end', fix: 'keep one of them' };
    } else if (isFields(sequence) && !isSet(sequence.count) && !isSet(sequence.end)) {
      yield { at: [...call.at, 'withSequence'], what: 'a sequence without count or end', fix: 'set count' };
    }
    const list = textOf(call.fields.withParam);
    if (list !== undefined && !list.includes('{{') && !isJsonList(list)) {
      yield {
        at: [...call.at, 'withParam'],
        what: 'withParam is no JSON list',
        value: list,
        fix: 'write a list in JSON, or use withItems',
      };
    }
  }
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

/** The text of a `when` with a word in the place of each tag; nested tags from the inside out. */
function filledIn(when: string): string {
  let text = when;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\{\{(?!=)[^{}]*\}\}/g, 'value');
  }
  return splitTags(text)
    .map((part) => (part.kind === 'text' ? part.text : 'value'))
    .join('');
}

function* whenSyntax(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    if (call.when === undefined) continue;
    try {
      parseWhen(filledIn(call.when));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      yield {
        at: [...call.at, 'when'],
        what: `the condition does not parse: ${error.problem}`,
        value: call.when,
        fix: 'write one expression: {{= … }}',
      };
    }
  }
}

function* bareWhen(workflow: WorkflowObject): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    if (call.when === undefined || !hasBareTag(call.when)) continue;
    const what =
      'the value is pasted into the condition, which breaks when it is empty or has a hyphen, a space or a quote';
    yield {
      at: [...call.at, 'when'],
      what,
      value: call.when,
      fix: `write ${asExpression(call.when)}`,
    };
  }
}

const COMPARISON = /^\{\{([^{}=]+)\}\}\s*(==|!=)\s*(?:"([^"{}]*)"|'([^'{}]*)'|([^\s"'{}]+))$/;

/** The same condition as one expression, where it compares a tag with a word. */
function asExpression(when: string): string {
  const [, tag, operator = '==', ...words] = COMPARISON.exec(when.trim()) ?? [];
  if (tag === undefined) return "one expression, such as {{= inputs.parameters['mode'] == 'train' }}";
  const [root = '', ...names] = tag.trim().split('.');
  const path = names.reduce((text, name) => `${text}${/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name}']`}`, root);
  return `{{= ${path} ${operator} '${words.find((word) => word !== undefined) ?? ''}' }}`;
}

/** A plain tag outside of quotes. */
function hasBareTag(when: string): boolean {
  let quote = '';
  for (const part of splitTags(when)) {
    if (part.kind === 'variable' && quote === '') return true;
    if (part.kind !== 'text') continue;
    for (const character of part.text) {
      if (quote === character) quote = '';
      else if (quote === '' && (character === '"' || character === "'")) quote = character;
    }
  }
  return false;
}

function isGuarded(call: Call): boolean {
  if (call.when !== undefined || call.loop === 'withParam' || call.loop === 'withSequence') return true;
  const depends = dependsOf(call);
  return (
    depends !== undefined &&
    dependsTasks(depends).some((task) => task.result !== undefined && task.result !== 'Succeeded')
  );
}

function* recursion(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const names = workflow.templates.map((template) => template.name);
  const cycle = findCycle(names, (name) => {
    const template = workflow.templates.find((each) => each.name === name);
    if (template === undefined) return [];
    return callsOf(template).flatMap((call) => {
      const called = isGuarded(call) ? undefined : findCalled(catalogue, workflow, call);
      return called === undefined || called.workflow !== workflow ? [] : [called.template.name];
    });
  });
  if (cycle === undefined) return;
  const template = workflow.templates.find((each) => each.name === cycle[0]);
  yield {
    at: template?.at ?? workflow.spec.at,
    what: 'templates that call each other without a condition, until the run fails at depth 100',
    value: cycle.join(' → '),
    fix: 'give one of the calls a when',
  };
}

export const FLOW_RULES: readonly Rule[] = [
  {
    id: 'loop',
    severity: 'error',
    why: 'The controller refuses two kinds of loop at once and a sequence with two ends, and fails a loop over something that is no list.',
    check: loops,
  },
  {
    id: 'when-syntax',
    severity: 'error',
    why: 'A condition that does not parse ends the step in an error; argo lint does not look at it.',
    check: whenSyntax,
  },
  {
    id: 'when-bare-tag',
    severity: 'warning',
    why: 'Tags are filled in before a condition is read: a value with a hyphen becomes a subtraction, one with a space or an empty one does not parse.',
    check: bareWhen,
  },
  {
    id: 'recursion',
    severity: 'error',
    why: 'A template that calls itself without a condition runs until the controller stops it at depth 100.',
    check: recursion,
  },
];
