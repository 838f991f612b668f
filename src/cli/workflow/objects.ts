import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { readYamlFile, type YamlDocument } from '../../argo-workflows/lint/documents';
import { fieldsOf, textOf } from '../../argo-workflows/lint/fields';
import { InvalidInput } from '../../core/problem';

/** A workflow to run, and what it may refer to. */
export interface WorkflowObjects {
  readonly workflow: object;
  /** ConfigMaps and workflow templates of the same namespace or of none. */
  readonly others: readonly object[];
}

const RUNNABLE = ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate', 'CronWorkflow'];
const USED = ['ConfigMap', 'WorkflowTemplate', 'ClusterWorkflowTemplate'];

/**
 * Reads a workflow from rendered YAML.
 *
 * @param name of a workflow among the files, or a file that holds one
 * @param folder with rendered manifests, at any depth
 * @throws InvalidInput when there is no such workflow, with the name that is nearest
 */
export function readWorkflowObjects(name: string, folder: string): WorkflowObjects {
  const isFile = existsSync(name) && statSync(name).isFile();
  if (!isFile && !existsSync(folder)) throw invalid(folder, 'does not exist', undefined, 'run "npm run synth"');
  const documents = (isFile ? [name] : yamlFiles(folder)).flatMap(read);
  const workflows = documents.filter(({ object }) => RUNNABLE.includes(String(object.kind)));
  const found = isFile ? workflows[0] : workflows.find(({ object }) => metadata(object).name === name);
  if (found === undefined) {
    const names = workflows.map(({ object }) => metadata(object).name ?? '');
    if (names.length === 0) throw invalid(isFile ? name : folder, 'holds no workflow', undefined, 'name one that does');
    const fix = `did you mean "${closest(name, names)}"? There are ${names.join(', ')}`;
    throw invalid('workflow', 'there is no workflow of that name', name, fix);
  }
  const { namespace } = metadata(found.object);
  const others = documents.filter(
    ({ object }) =>
      object !== found.object &&
      USED.includes(String(object.kind)) &&
      [undefined, namespace].includes(metadata(object).namespace),
  );
  return { workflow: found.object, others: others.map(({ object }) => object) };
}

function metadata(object: object): { readonly name: string | undefined; readonly namespace: string | undefined } {
  const { name, generateName, namespace } = fieldsOf(fieldsOf(object).metadata);
  return { name: textOf(name) ?? textOf(generateName), namespace: textOf(namespace) };
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ya?ml|json)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function read(file: string): readonly YamlDocument[] {
  const documents = readYamlFile(file);
  if ('reason' in documents) {
    throw invalid(`${relative('', file)}:${documents.line}`, 'is no YAML', documents.reason, 'mend it');
  }
  return documents;
}

function invalid(where: string, what: string, got: string | undefined, fix: string): InvalidInput {
  return new InvalidInput([{ where, what, fix, ...(got === undefined ? {} : { got }) }]);
}
