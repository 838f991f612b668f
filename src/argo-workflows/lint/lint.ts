import { type Catalogue, readConfigMap } from './catalogue';
import type { YamlDocument } from './documents';
import { fieldOrItem, fieldsOf, type Path, textOf } from './fields';
import { readWorkflow, type WorkflowObject } from './model';
import type { Problem, Rule, Severity } from './rule';
import { RULES } from './rules';

/** A mistake in a workflow, with everything a person needs to find and mend it. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `WorkflowTemplate/train`. */
  readonly object: string;
  /** Items of lists by their name: `spec.templates[train].dag.tasks[fetch].depends`. */
  readonly path: string;
  readonly what: string;
  readonly value?: string;
  readonly fix: string;
}

export interface LintOptions {
  /**
   * Makes errors of warnings: for manifests that ought to keep our own stricter rules.
   *
   * @default false
   */
  readonly strict?: boolean;
}

export interface LintResult {
  /** In the order of files and lines. */
  readonly findings: readonly Finding[];
  /** How many workflows, templates and bindings were looked at. */
  readonly checked: number;
}

/**
 * Lints the workflows among some documents, all together, so that references between them are followed. Other
 * documents are passed over.
 */
export function lintDocuments(documents: readonly YamlDocument[], options: LintOptions = {}): LintResult {
  const workflows = documents.flatMap((document) => readWorkflow(document) ?? []);
  const configMaps = documents.flatMap((document) => readConfigMap(document) ?? []);
  const catalogue: Catalogue = { workflows, configMaps };
  const findings = workflows.flatMap((workflow) =>
    RULES.flatMap((rule) =>
      [...rule.check(workflow, catalogue)].map((problem) => finding(rule, problem, workflow, options)),
    ),
  );
  const order = new Map(documents.map((document, index) => [document.file, index]));
  findings.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line);
  return { findings, checked: workflows.length };
}

function finding(rule: Rule, problem: Problem, workflow: WorkflowObject, options: LintOptions): Finding {
  const { document } = workflow;
  return {
    rule: rule.id,
    severity: options.strict === true ? 'error' : rule.severity,
    file: document.file,
    line: document.lineOf(problem.at),
    object: `${workflow.kind}/${workflow.name === '' ? '(unnamed)' : workflow.name}`,
    path: describePath(document.object, problem.at),
    ...asWritten(problem, document),
    fix: problem.fix,
  };
}

/** Says so when the author wrote something else than YAML reads: `y` without quotes is true. */
function asWritten({ at, what, value }: Problem, document: YamlDocument): Pick<Finding, 'what' | 'value'> {
  if (value === undefined) return { what };
  const written = document.writtenAt(at);
  const read = at.reduce<unknown>(fieldOrItem, document.object);
  if (written === undefined || written === value || typeof read === 'string') return { what, value };
  return { what: `${what}: YAML reads ${written} without quotes as ${value}`, value: written };
}

const PLAIN_KEY = /^[\w$-]+$/;

/** A path as people write it, with the names of list items in the place of their numbers. */
export function describePath(root: unknown, path: Path): string {
  let value = root;
  let text = '';
  for (const key of path) {
    value = fieldOrItem(value, key);
    if (typeof key === 'number') text += `[${textOf(fieldsOf(value).name) ?? key}]`;
    else if (PLAIN_KEY.test(key)) text += text === '' ? key : `.${key}`;
    else text += `["${key}"]`;
  }
  return text;
}
