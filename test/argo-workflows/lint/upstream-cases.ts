import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A manifest of Argo's own validation tests with the verdict that the test expects. */
export interface UpstreamCase {
  /** `TestName/variable`. */
  readonly name: string;
  readonly yaml: string;
  /** WorkflowTemplates that the test creates before. */
  readonly templates: readonly string[];
  readonly valid: boolean;
  /** What the test expects in the message, when it is written out. */
  readonly message: string;
}

const TEXT = /^\s*(?:var|const)?\s*(\w+)\s*:?=\s*`([^`]*)`/gm;
const TEST = /^func (Test\w+)\(t \*testing\.T\) \{\n([\s\S]*?)^\}/gm;
const IN_PLACE = /(unmarshal\w+|MustUnmarshal\w+)\(`([^`]*)`\)/g;
const STATEMENT = new RegExp(
  [
    /createWorkflowTemplateFromSpec\((?:[^,()]+, )?(?<created>\w+)\)/,
    /(?<variable>\w+) :?= (?:unmarshalWf|unmarshalWftmpl|wfv1\.MustUnmarshal\w+)\((?<source>\w+)\)/,
    /err :?= (?<call>validate|validateWorkflowTemplate|(?:Validate)?(?:Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow))\((?<args>.*)\)$/,
    /(?:require|assert)\.(?<verdict>NoError|Error|ErrorContains|EqualError)\(t, err(?:, "(?<message>[^"]*)")?/,
    /(?<changed>\w+)\.(?:Spec|Name|Labels|Annotations)[^=\n]* = /,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'gm',
);

/** Reads the manifests of `workflow/validate/*_test.go` of version 3 or 4 with their verdicts; tests that change them in code are left out. */
export function readUpstreamCases(source: string): readonly UpstreamCase[] {
  return ['validate_test.go', 'validate_dag_test.go'].flatMap((file) =>
    readGoTests(readFileSync(join(source, 'workflow', 'validate', file), 'utf8')),
  );
}

function readGoTests(code: string): readonly UpstreamCase[] {
  const globals = new Map([...code.matchAll(TEXT)].map(([, name = '', text = '']) => [name, text]));
  return [...code.matchAll(TEST)].flatMap(([, name = '', body = '']) => readGoTest(name, body, globals));
}

function readGoTest(test: string, written: string, globals: ReadonlyMap<string, string>): readonly UpstreamCase[] {
  const local = [...written.matchAll(TEXT)].map(([, name = '', text = '']) => [name, text] as const);
  const texts = new Map([...globals, ...local]);
  const body = written.replace(IN_PLACE, (_, call: string, text: string) => {
    const name = `inPlace${texts.size}`;
    texts.set(name, text);
    return `${call}(${name})`;
  });
  const variables = new Map<string, string>();
  const changed = new Set<string>();
  const templates: string[] = [];
  const cases: UpstreamCase[] = [];
  let pending: string | undefined;
  let kind = 'Workflow';
  // A text in backticks could look like code.
  for (const { groups = {} } of body.replace(/`[^`]*`/g, '``').matchAll(STATEMENT)) {
    if (groups.created !== undefined) templates.push(texts.get(groups.created) ?? '');
    if (groups.variable !== undefined) variables.set(groups.variable, groups.source ?? '');
    if (groups.changed !== undefined) changed.add(groups.changed);
    if (groups.call !== undefined) {
      const words = (groups.args ?? '').split(/[,() ]+/);
      const submitted = /Submit: true/.test(groups.args ?? '');
      const call = groups.call.replace(/^Validate/, '');
      const known = call.startsWith('validate') ? texts : variables;
      const used = words.find((word) => known.has(word));
      pending = used === undefined || submitted || changed.has(used) ? undefined : (variables.get(used) ?? used);
      kind = /Template/.test(call) ? call.replace('validate', '') : call.replace('validate', 'Workflow');
    }
    if (groups.verdict === undefined || pending === undefined) continue;
    const text = texts.get(pending);
    if (text !== undefined) {
      const yaml = /^kind:/m.test(text) ? text : `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\n${text}`;
      const valid = groups.verdict === 'NoError';
      cases.push({ name: `${test}/${pending}`, yaml, templates: [...templates], valid, message: groups.message ?? '' });
    }
    pending = undefined;
  }
  return cases;
}
