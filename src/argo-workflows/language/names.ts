import type { Problem } from './problem';

/**
 * The naming rules of Argo's validator, and those that it leaves out.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v3.7.18/workflow/validate/validate.go
 */
interface Rule {
  readonly pattern: RegExp;
  readonly limit: number;
  readonly fix: string;
}

const STEP: Rule = {
  pattern: /^[a-zA-Z0-9][-a-zA-Z0-9]*$/,
  limit: 128,
  fix: 'use letters, digits and "-", beginning with a letter or digit, at most 128 characters',
};

/** Pods carry the name of their template, and Kubernetes takes no capital letters. */
const TEMPLATE: Rule = {
  pattern: /^[a-z0-9][-a-z0-9]*$/,
  limit: 128,
  fix: 'use lowercase letters, digits and "-", beginning with a letter or digit, at most 128 characters',
};

const TASK: Rule = {
  pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/,
  limit: 128,
  fix: 'use letters, digits and "-", beginning with a letter (a digit breaks "depends"), at most 128 characters',
};

const OBJECT: Rule = {
  pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  limit: 63,
  fix: 'use lowercase letters, digits, "-" and ".", beginning and ending with a letter or digit, at most 63 characters',
};

const LABEL: Rule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  limit: 63,
  fix: 'use lowercase letters, digits and "-", beginning and ending with a letter or digit, at most 63 characters',
};

const RULES = {
  template: TEMPLATE,
  step: STEP,
  task: TASK,
  'workflow template': OBJECT,
  'event binding': OBJECT,
  'cron workflow': { ...OBJECT, limit: 52, fix: OBJECT.fix.replace('63', '52 (Argo appends a timestamp)') },
  value: {
    pattern: /^[-a-zA-Z0-9_]+$/,
    limit: 128,
    fix: 'use letters, digits, "-" and "_", at most 128 characters',
  },
  metric: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_]*$/,
    limit: 128,
    fix: 'use letters, digits and "_", beginning with a letter or "_"',
  },
  hook: STEP,
  container: LABEL,
  volume: LABEL,
  'environment variable': {
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    limit: 256,
    fix: 'use letters, digits and "_", beginning with a letter or "_"',
  },
} as const satisfies Record<string, Rule>;

export type Named = keyof typeof RULES;

/** Words of the expression language: a task of that name makes `depends` fail when the workflow runs. */
const KEYWORDS = new Set('not in and or matches let if else nil true false contains startsWith endsWith'.split(' '));

/** What is wrong with a name. */
export function nameProblems(named: Named, name: string, where: string): readonly Problem[] {
  const rule = RULES[named];
  const problems: Problem[] = [];
  if (!rule.pattern.test(name) || name.length > rule.limit) {
    problems.push({
      where,
      what: `bad name of ${/^[aeiou]/.test(named) ? 'an' : 'a'} ${named}`,
      value: name,
      fix: rule.fix,
    });
  }
  if (named === 'task' && KEYWORDS.has(name)) {
    problems.push({
      where,
      what: 'a task has the name of a word of the expression language, which breaks "depends"',
      value: name,
      fix: 'choose another name',
    });
  }
  return problems;
}

/** The names that appear more than once. */
export function duplicates(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
