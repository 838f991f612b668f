import { DNS_LABEL, dnsLabelProblem, dnsSubdomainProblem, LABEL_VALUE } from '../../core/names';
import type { RenderedObject } from '../../render/model';
import type { Check, Finding } from '../check';
import { podTemplates } from '../pods';
import { at, fields, isExpression, items, text } from '../read';

/** Kinds whose name becomes a DNS label or a label's value, with the longest name that works. */
const LABEL_NAMES: Readonly<Record<string, number>> = {
  // A controller appends the time of the run: 11 characters.
  CronJob: 52,
  CronWorkflow: 52,
  DaemonSet: 63,
  Deployment: 63,
  Job: 63,
  Namespace: 63,
  Rollout: 63,
  Service: 63,
  // The controller's label carries the name and a hash of 11 characters.
  StatefulSet: 52,
  WorkflowTemplate: 63,
};

/** Names of these kinds may hold what a path segment may, such as `system:node`. */
const PATH_NAMES = new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);

/** Names, labels and ports that an API server or a controller refuses. */
export const names: Check = {
  id: 'names',
  severity: 'error',
  why: 'The API server refuses an invalid name or label; one that is too long fails only later, when a controller appends to it.',
  *run(context) {
    for (const object of context.objects) {
      const { kind, metadata } = object.manifest;
      const got = metadata.name;
      const problem = nameProblem(kind, got);
      if (problem) {
        const fix =
          'use lower-case letters, digits and "-", beginning and ending with a letter or digit, and no more than allowed';
        yield { object, field: 'metadata.name', what: problem, got, fix };
      }
      yield* labels(object, metadata.labels, 'metadata.labels', true);
      yield* labels(object, metadata.annotations, 'metadata.annotations', false);
    }
    for (const { object, path, spec, containers } of podTemplates(context)) {
      const metadata = path.replace(/\.?spec$/, '.metadata').replace(/^\./, '');
      if (path.endsWith('spec') && metadata !== 'metadata') {
        yield* labels(object, at(object.manifest, ...metadata.split('.'), 'labels'), `${metadata}.labels`, true);
      }
      const seen = new Set<string>();
      for (const container of containers) {
        yield* label(object, `${container.path}.name`, container.fields.name);
        for (const { value, path: port } of items(container.fields.ports, `${container.path}.ports`)) {
          yield* portName(object, `${port}.name`, value.name);
        }
      }
      for (const { value, path: volume } of items(spec.volumes, `${path}.volumes`)) {
        yield* label(object, `${volume}.name`, value.name);
        const name = text(value.name) ?? '';
        if (seen.has(name))
          yield {
            object,
            field: `${volume}.name`,
            what: 'is the name of two volumes',
            got: name,
            fix: 'give each a name of its own',
          };
        seen.add(name);
      }
    }
  },
};

function nameProblem(kind: string, name: string): string | undefined {
  if (typeof name !== 'string') return 'is no text';
  if (PATH_NAMES.has(kind))
    return /^[^/%]+$/.test(name) && name !== '.' && name !== '..' ? undefined : 'must not hold "/" or "%"';
  const longest = Object.hasOwn(LABEL_NAMES, kind) ? LABEL_NAMES[kind] : undefined;
  if (longest === undefined) return dnsSubdomainProblem(name);
  if (name.length > longest) return `is ${name.length} characters long, at most ${longest} are allowed`;
  if (kind === 'Service' && /^\d/.test(name)) return 'must begin with a letter';
  return kind === 'Namespace' || kind === 'Service' ? dnsLabelProblem(name) : dnsSubdomainProblem(name);
}

function* labels(object: RenderedObject, value: unknown, path: string, valuesToo: boolean): Generator<Finding> {
  for (const [key, got] of Object.entries(fields(value))) {
    const field = `${path}[${JSON.stringify(key)}]`;
    if (!isKey(key)) {
      yield {
        object,
        field,
        what: 'is not a valid key',
        got: key,
        fix: 'use at most 63 letters, digits, "-", "_" and ".", with a DNS name and "/" before them if any',
      };
    }
    if (typeof got !== 'string') {
      yield { object, field, what: 'is no text', got, fix: 'quote the value' };
    } else if (valuesToo && !isExpression(got) && (got.length > 63 || !LABEL_VALUE.test(got))) {
      yield {
        object,
        field,
        what: 'is not a label value',
        got,
        fix: 'use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
      };
    }
  }
}

function isKey(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (
    (slash < 0 || dnsSubdomainProblem(key.slice(0, slash)) === undefined) &&
    name !== '' &&
    name.length <= 63 &&
    LABEL_VALUE.test(name)
  );
}

function* label(object: RenderedObject, field: string, got: unknown): Generator<Finding> {
  if (got === undefined || isExpression(got)) return;
  const problem = typeof got === 'string' ? dnsLabelProblem(got) : 'is no text';
  if (problem) yield { object, field, what: problem, got, fix: 'use at most 63 lower-case letters, digits and "-"' };
}

/** @see https://www.rfc-editor.org/rfc/rfc6335#section-5.1 */
function* portName(object: RenderedObject, field: string, got: unknown): Generator<Finding> {
  if (got === undefined) return;
  if (typeof got === 'string' && got.length <= 15 && DNS_LABEL.test(got) && /[a-z]/.test(got) && !got.includes('--'))
    return;
  yield {
    object,
    field,
    what: 'is not the name of a port',
    got,
    fix: 'use at most 15 lower-case letters, digits and "-", with a letter among them',
  };
}
