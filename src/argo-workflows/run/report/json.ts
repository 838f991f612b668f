import type { RunNode, RunResult } from '../result';

/** A run as plain data, for programs; the names of fields are those of the status of a Workflow where there are such. */
export function jsonReport(result: RunResult): object {
  const { phase, message, duration, outputs, root, hooks } = result;
  return { phase, message, duration, outputs, nodes: [root, ...hooks].map(nodeReport) };
}

function nodeReport(node: RunNode): object {
  const { name, displayName, kind, template, phase, message, inputs, outputs, startedAt, finishedAt } = node;
  return {
    name,
    displayName,
    type: kind,
    templateName: template,
    phase,
    message,
    inputs,
    outputs,
    startedAt,
    finishedAt,
    children: node.children.map(nodeReport),
  };
}
