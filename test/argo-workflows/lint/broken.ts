import { load } from 'js-yaml';
import { documentOf } from '../../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../../src/argo-workflows/lint/lint';

/** Templates that a workflow of a test may use: `work`, `use` with an input, `make` with outputs. */
export const LEAVES = `
  - name: work
    container: {image: busybox, command: [work]}
  - name: use
    inputs: {parameters: [{name: value}]}
    container: {image: busybox, command: [use, "{{inputs.parameters.value}}"]}
  - name: make
    outputs:
      parameters: [{name: value, valueFrom: {path: /tmp/value}}]
      artifacts: [{name: file, path: /tmp/file}]
    container: {image: busybox, command: [make]}
`;

/** The rules that a Workflow breaks, with the paths; `spec` is YAML at the level of its fields, `templates` of a list. */
export function broken(templates: string, spec = '', kind = 'Workflow'): readonly string[] {
  const indented = `${templates}${LEAVES}`;
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: {name: run}\nspec:\n  entrypoint: main\n${spec}\n  templates:\n${indented}`;
  const { findings } = lintDocuments([documentOf(load(text) as object, 'a.yaml')]);
  return findings.map((finding) => `${finding.rule} ${finding.path}`);
}

/** A main template that runs `make` and then a step. */
export const STEP = (extra: string): string => `
  - name: main
    steps:
    - - {name: first, template: make}
    - - ${extra}
`;
