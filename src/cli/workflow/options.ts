import { InvalidInput, type Problem, throwIfAny } from '../../core/problem';

/** What a person types behind `npm run workflow -- NAME`. */
export interface WorkflowOptions {
  readonly parameter: readonly string[];
  readonly cluster: string;
  /** In the loop of `npm start`. */
  readonly local?: boolean;
  readonly executor: 'mock' | 'process' | 'docker';
  readonly fail: readonly string[];
  readonly skip: readonly string[];
  readonly answer: readonly string[];
  readonly volume: readonly string[];
  readonly secret: readonly string[];
  readonly folder?: string;
  readonly junit?: string;
  readonly json?: true;
}

/** `key=value` texts as a record; a value may hold further `=`. */
export function readPairs(option: string, texts: readonly string[], example: string): Readonly<Record<string, string>> {
  const problems: Problem[] = [];
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      problems.push({ where: option, what: 'is no pair', got: text, fix: `write ${example}` });
    else if (pairs.has(key)) problems.push({ where: option, what: `gives "${key}" twice`, got: text, fix: 'drop one' });
    else pairs.set(key, value);
  }
  throwIfAny(problems);
  return Object.fromEntries(pairs);
}

/** `train:2` fails the first two attempts of `train`, `train` all of them. */
export function readFailures(texts: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, count] = /^([^:]+)(?::(\d+))?$/.exec(text) ?? [];
      if (name !== undefined) return [name, count === undefined ? Number.POSITIVE_INFINITY : Number(count)];
      const what = 'names no step and number of attempts';
      throw new InvalidInput([{ where: '--fail', what, got: text, fix: 'write --fail train or --fail train:2' }]);
    }),
  );
}

/**
 * `approve.decision=yes` answers one question of the template `approve`, `approve=yes` the only one or the one that has
 * this choice.
 *
 * @param questions the names of the outputs of each suspended template, with the values that may be chosen
 */
export function readAnswers(
  texts: readonly string[],
  questions: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const answers: Record<string, Record<string, string>> = {};
  const problems: Problem[] = [];
  const pairs = readPairs('--answer', texts, '--answer approve=yes, or --answer approve.by=Ada');
  for (const [place, value] of Object.entries(pairs)) {
    const [template = '', ...rest] = place.split('.');
    const asked = questions.get(template);
    if (asked === undefined) {
      const known = [...questions.keys()].join(', ') || 'none';
      problems.push({ where: '--answer', what: 'nobody asks there', got: place, fix: `use one of: ${known}` });
      continue;
    }
    const fitting = rest.length > 0 ? [rest.join('.')] : onlyQuestion(asked, value);
    answers[template] ??= {};
    const [question] = fitting;
    if (question !== undefined && fitting.length === 1) answers[template][question] = value;
    else if (asked.size > 0) {
      const list = [...asked.keys()].map((name) => `${template}.${name}=…`).join(' and ');
      problems.push({ where: '--answer', what: 'it is not said which question', got: place, fix: `write ${list}` });
    }
  }
  throwIfAny(problems);
  return answers;
}

function onlyQuestion(asked: ReadonlyMap<string, readonly string[]>, value: string): readonly string[] {
  const offering = [...asked].filter(([, choices]) => choices.includes(value)).map(([name]) => name);
  return offering.length > 0 ? offering : [...asked.keys()];
}
