import { type Fields, fieldsOf, isFields, listOf } from '../../../src/argo-workflows/lint/fields';
import { replaceImage } from './images';

/** A workflow that runs in the namespace of the tests, or why it cannot. */
export type Prepared = { readonly object: object } | { readonly reason: string };

/** Names the run, puts the image of the tests in the place of others, and finds what needs more than this cluster has. */
export function prepare(object: Fields, name: string, namespace: string): Prepared {
  const reasons = new Set<string>();
  const prepared = fieldsOf(convert(object, reasons));
  const spec = fieldsOf(prepared.spec);
  const templates = listOf(spec.templates).flatMap((template) => [fieldsOf(template), ...inlined(fieldsOf(template))]);
  for (const template of templates) for (const reason of needs(template)) reasons.add(reason);
  if (listOf(spec.volumeClaimTemplates).length > 0) reasons.add('needs a volume that a cluster makes');
  for (const volume of listOf(spec.volumes).map(fieldsOf))
    if (!isFields(volume.emptyDir)) reasons.add(otherVolume(volume));
  if (isFields(spec.artifactRepositoryRef) || spec.archiveLogs === true) reasons.add('needs an artifact repository');
  if (listOf(fieldsOf(spec.arguments).artifacts).some((artifact) => !isFields(fieldsOf(artifact).raw)))
    reasons.add('needs an artifact repository');
  const text = JSON.stringify(prepared);
  if (/random/i.test(text)) reasons.add('chance decides how it ends');
  if (hasNoCommand(prepared)) reasons.add('leaves its command to the image');
  if (text.includes('"database":')) reasons.add('needs a database of the controller');
  if (text.includes('"clusterScope":true')) reasons.add('needs an object of the whole cluster');
  const [reason] = reasons;
  if (reason !== undefined) return { reason };
  const { generateName: _, ...metadata } = fieldsOf(prepared.metadata);
  const { nodeSelector: __, serviceAccountName: ___, ...rest } = spec;
  return { object: { ...prepared, metadata: { ...metadata, name, namespace }, spec: rest } };
}

function inlined(template: Fields): readonly Fields[] {
  const tasks = listOf(fieldsOf(template.dag).tasks);
  const steps = listOf(template.steps).flatMap((group) => (Array.isArray(group) ? group : [group]));
  return [...tasks, ...steps].flatMap((call) => {
    const { inline } = fieldsOf(call);
    return isFields(inline) ? [inline, ...inlined(inline)] : [];
  });
}

/** What a template wants of its cluster. */
function needs(template: Fields): readonly string[] {
  const reasons: string[] = [];
  for (const kind of ['resource', 'http', 'plugin', 'data'])
    if (isFields(template[kind])) reasons.push(`is of the kind ${kind}, which needs a mock here`);
  const suspend = template.suspend;
  if (isFields(suspend) && suspend.duration === undefined) reasons.push('waits for a person');
  const inputs = listOf(fieldsOf(template.inputs).artifacts).map(fieldsOf);
  const stored = inputs.some((artifact) => !isFields(artifact.raw));
  if (stored || listOf(fieldsOf(template.outputs).artifacts).length > 0 || isFields(template.archiveLocation))
    reasons.push('needs an artifact repository');
  for (const volume of listOf(template.volumes).map(fieldsOf))
    if (!isFields(volume.emptyDir)) reasons.push(otherVolume(volume));
  return reasons;
}

function otherVolume(volume: Fields): string {
  return `needs a volume of the kind ${Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'}`;
}

/** Replaces images; keys of containers are found by their having an image. */
function convert(value: unknown, reasons: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, reasons));
  if (!isFields(value)) return value;
  const converted = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, reasons)]));
  if (typeof value.image !== 'string') return converted;
  const replaced = replaceImage(value.image);
  if (replaced === undefined) {
    reasons.add(`needs the image ${value.image}`);
    return converted;
  }
  const { image, entrypoint } = replaced;
  const command = listOf(value.command).length > 0 ? {} : entrypoint === undefined ? {} : { command: entrypoint };
  return { ...converted, image, imagePullPolicy: 'IfNotPresent', ...command };
}

/** Whether a container states no command, which the controller asks the registry of its image for. */
function hasNoCommand(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasNoCommand);
  if (!isFields(value)) return false;
  if (typeof value.image === 'string' && listOf(value.command).length === 0) return true;
  return Object.values(value).some(hasNoCommand);
}
