import { load } from 'js-yaml';

/** A Workflow named `run` from its templates in YAML, beginning at `main`. */
export function workflow(templates: string, spec = ''): object {
  const text = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: run}
spec:
  entrypoint: main
${indent(spec, 2)}
  templates:
${indent(templates, 4)}
${indent(LEAVES, 4)}`;
  return load(text) as object;
}

function indent(text: string, spaces: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(spaces) + line)
    .join('\n');
}

/** Templates that every test may call. */
const LEAVES = `
- name: work
  container: {image: busybox, command: [work]}
- name: make
  outputs:
    parameters: [{name: value, valueFrom: {path: /tmp/value}}]
    artifacts: [{name: file, path: /tmp/file}]
  container: {image: busybox, command: [make]}
- name: use
  inputs:
    parameters: [{name: value}]
  container: {image: busybox, command: [use, "{{inputs.parameters.value}}"]}
- name: use-or-default
  inputs:
    parameters: [{name: value, default: fallback}]
  container: {image: busybox, command: [use, "{{inputs.parameters.value}}"]}
`;
