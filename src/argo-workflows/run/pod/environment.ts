import { fieldsOf, isSet, listOf, scalarText } from '../../lint/fields';
import type { Step } from '../executor';
import { RunError } from '../result';
import type { Container } from './containers';
import type { PodOptions } from './options';
import { configMapFiles, secretFiles } from './volumes';

/** The environment that a container declares, without what its image brings. @throws {RunError} for missing sources. */
export function readEnvironment(container: Container, step: Step, options: PodOptions): Record<string, string> {
  const where = `${step.node}, environment`;
  const environment: Record<string, string> = {};
  const files = (kind: 'secret' | 'configMap', name: string) =>
    kind === 'secret' ? secretFiles(name, options) : configMapFiles(name, step);
  const missing = (what: string): RunError =>
    new RunError(where, `there is no ${what} here`, 'pass it, or add the key');

  for (const source of listOf(container.fields.envFrom).map(fieldsOf)) {
    for (const kind of ['secret', 'configMap'] as const) {
      const reference = source[`${kind}Ref`];
      if (!isSet(reference)) continue;
      const { name, optional } = fieldsOf(reference);
      const values = files(kind, scalarText(name) ?? '');
      if (values === undefined && optional !== true) throw missing(`${kind} "${String(name)}"`);
      for (const [key, value] of values ?? []) environment[(scalarText(source.prefix) ?? '') + key] = value.toString();
    }
  }
  for (const { name, value, valueFrom } of listOf(container.fields.env).map(fieldsOf)) {
    const from = fieldsOf(valueFrom);
    const key = scalarText(name) ?? '';
    if (!isSet(valueFrom)) {
      environment[key] = expandVariables(scalarText(value) ?? '', environment);
      continue;
    }
    if (isSet(from.fieldRef)) {
      environment[key] = podField(scalarText(fieldsOf(from.fieldRef).fieldPath) ?? '', step, where);
      continue;
    }
    const kind = isSet(from.secretKeyRef) ? 'secret' : isSet(from.configMapKeyRef) ? 'configMap' : undefined;
    if (kind === undefined) {
      throw new RunError(where, `"${key}" takes its value from ${Object.keys(from).join()}`, 'use a key of a Secret');
    }
    const reference = fieldsOf(from[`${kind}KeyRef`]);
    const found = files(kind, scalarText(reference.name) ?? '')?.get(scalarText(reference.key) ?? '');
    if (found !== undefined) environment[key] = found.toString();
    else if (reference.optional !== true)
      throw missing(`${kind} "${String(reference.name)}" with a key "${String(reference.key)}"`);
  }
  return environment;
}

/** What a pod can tell of itself. */
function podField(path: string, step: Step, where: string): string {
  const values: Readonly<Record<string, string>> = {
    'metadata.name': step.node,
    'metadata.namespace': step.run.namespace,
    'metadata.uid': step.run.uid,
    'spec.nodeName': 'localhost',
    'spec.serviceAccountName': scalarText(step.template.serviceAccountName) ?? 'default',
    'status.podIP': '127.0.0.1',
    'status.hostIP': '127.0.0.1',
  };
  const value = values[path];
  if (value === undefined) throw new RunError(where, `no pod on this machine has ${path}`, 'pass a value');
  return value;
}

/** Fills in `$(NAME)` as Kubernetes does; `$$(NAME)` stays, without the first sign. */
export function expandVariables(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (environment[name] ?? whole),
  );
}
