import type { YamlDocument } from './documents';
import { type Fields, fieldsOf, partAt, textOf } from './fields';
import type { Call, Template, TemplateReference, WorkflowObject } from './model';

/** Everything that is linted together, so that references between files can be followed. */
export interface Catalogue {
  readonly workflows: readonly WorkflowObject[];
  readonly configMaps: readonly ConfigMap[];
}

export interface ConfigMap {
  readonly document: YamlDocument;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Fields;
}

/** Reads a document as a ConfigMap. */
export function readConfigMap(document: YamlDocument): ConfigMap | undefined {
  if (document.object.kind !== 'ConfigMap' || document.object.apiVersion !== 'v1') return undefined;
  const metadata = fieldsOf(document.object.metadata);
  return {
    document,
    name: textOf(metadata.name) ?? '',
    namespace: textOf(metadata.namespace) ?? '',
    labels: fieldsOf(metadata.labels),
  };
}

/** Two objects may meet when they name the same namespace, or one of them none. */
export function sameNamespace(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}

/** The WorkflowTemplate or ClusterWorkflowTemplate of that name, when it is among what is linted. */
export function findWorkflowTemplate(
  catalogue: Catalogue,
  from: WorkflowObject,
  name: string,
  clusterScope: boolean,
): WorkflowObject | undefined {
  return catalogue.workflows.find((workflow) =>
    clusterScope
      ? workflow.kind === 'ClusterWorkflowTemplate' && workflow.name === name
      : workflow.kind === 'WorkflowTemplate' &&
        workflow.name === name &&
        sameNamespace(workflow.namespace, from.namespace),
  );
}

/** A template and the object that it is written in. */
export interface Found {
  readonly template: Template;
  readonly workflow: WorkflowObject;
}

/** The template that a reference names, when it is among what is linted. */
export function findReferenced(
  catalogue: Catalogue,
  from: WorkflowObject,
  reference: TemplateReference,
): Found | undefined {
  const workflow = findWorkflowTemplate(catalogue, from, reference.name, reference.clusterScope);
  const template = workflow?.templates.find((each) => each.name === reference.template);
  return workflow === undefined || template === undefined ? undefined : { template, workflow };
}

/** The template that a call runs; undefined when it is not known here. */
export function findCalled(catalogue: Catalogue, workflow: WorkflowObject, call: Call): Found | undefined {
  if (call.inline !== undefined) return { template: call.inline, workflow };
  if (call.templateRef !== undefined) return findReferenced(catalogue, workflow, call.templateRef);
  const template = workflow.templates.find((each) => each.name === call.template);
  return template === undefined ? undefined : { template, workflow };
}

/** What `spec.workflowTemplateRef` names, when it is among what is linted. */
export function findBase(catalogue: Catalogue, workflow: WorkflowObject): WorkflowObject | undefined {
  const reference = fieldsOf(workflow.spec.fields.workflowTemplateRef);
  const name = textOf(reference.name);
  return name === undefined
    ? undefined
    : findWorkflowTemplate(catalogue, workflow, name, reference.clusterScope === true);
}

/** The WorkflowTemplate that an event binding submits. */
export function findSubmitted(catalogue: Catalogue, workflow: WorkflowObject): WorkflowObject | undefined {
  const reference = partAt(workflow.spec, 'submit', 'workflowTemplateRef').fields;
  const name = textOf(reference.name);
  return name === undefined
    ? undefined
    : findWorkflowTemplate(catalogue, workflow, name, reference.clusterScope === true);
}
