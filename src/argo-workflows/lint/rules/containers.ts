import { findCycle } from '../../cycle';
import { type Catalogue, findBase } from '../catalogue';
import { isSet, listOf, type Part, partAt, partsAt, scalarText, textOf } from '../fields';
import type { Template, WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';
import { allContainers, mainContainers } from './leaves';

const RESERVED = /^(wait|supervisor|artifact-plugin-.*)$/;
/** Names that Argo gives to its own containers of a pod, beside those it checks itself. */
const TAKEN = ['main', 'init'];

function* containerNames(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const container of partsAt(template, 'initContainers')) {
      if (!isSet(container.fields.name))
        yield { at: container.at, what: 'an init container without a name', fix: 'name it' };
    }
    const sidecars = partsAt(template, 'sidecars');
    for (const container of [...sidecars, ...partsAt(partAt(template, 'containerSet'), 'containers')]) {
      const name = textOf(container.fields.name) ?? '';
      const taken = RESERVED.test(name) || (sidecars.includes(container) && TAKEN.includes(name));
      if (!taken) continue;
      yield {
        at: [...container.at, 'name'],
        what: 'Argo has a container of that name in every pod',
        value: name,
        fix: 'rename it',
      };
    }
  }
}

function* containerSets(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (template.kind !== 'containerSet') continue;
    const set = partAt(template, 'containerSet');
    const containers = partsAt(set, 'containers');
    const names = containers.map((container) => textOf(container.fields.name) ?? '');
    if (containers.length === 0) yield { at: set.at, what: 'a containerSet without containers', fix: 'give it one' };
    for (const [index, container] of containers.entries()) {
      const name = names[index] ?? '';
      if (name === '') yield { at: container.at, what: 'a container without a name', fix: 'name it' };
      if (name !== '' && names.indexOf(name) !== index) {
        yield {
          at: [...container.at, 'name'],
          what: 'a second container of that name',
          value: name,
          fix: 'rename one of them',
        };
      }
      for (const [position, dependency] of listOf(container.fields.dependencies).entries()) {
        if (names.includes(String(dependency))) continue;
        const at = [...container.at, 'dependencies', position];
        yield {
          at,
          what: 'no container of that name',
          value: String(dependency),
          fix: suggest(String(dependency), names, 'add it'),
        };
      }
    }
    const dependencies = (name: string) => listOf(containers[names.indexOf(name)]?.fields.dependencies).map(String);
    const cycle = findCycle(names, dependencies);
    if (cycle !== undefined) {
      yield {
        at: [...set.at, 'containers'],
        what: 'containers that wait for each other',
        value: cycle.join(' → '),
        fix: 'remove one dependency',
      };
    }
    const { inputs, outputs } = template;
    const carries = inputs.artifacts.length + outputs.parameters.length + outputs.artifacts.length > 0;
    if (carries && containers.length > 0 && !names.includes('main')) {
      const what = 'inputs and outputs belong to the container "main", and there is none';
      yield { at: [...set.at, 'containers'], what, fix: 'name the container that reads and writes them "main"' };
    }
  }
}

const trimmed = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

function* mountPaths(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    const sources = isSet(template.fields.containerSet)
      ? [partAt(template, 'containerSet'), ...mainContainers(template)]
      : mainContainers(template);
    if (sources.length > 0) yield* artifactPaths(template);
    for (const container of sources) {
      const seen = new Set<string>();
      for (const mount of partsAt(container, 'volumeMounts')) {
        const path = textOf(mount.fields.mountPath);
        if (path === undefined) continue;
        if (seen.has(trimmed(path))) {
          yield {
            at: [...mount.at, 'mountPath'],
            what: 'two volumes are mounted at this path',
            value: path,
            fix: 'mount one elsewhere',
          };
        }
        seen.add(trimmed(path));
      }
      for (const artifact of template.inputs.artifacts) {
        const path = textOf(artifact.fields.path);
        if (path === undefined || path === '') continue;
        const hidden = [...seen].find((mount) => mount === trimmed(path) || mount.startsWith(`${trimmed(path)}/`));
        if (hidden === undefined) continue;
        const what =
          hidden === trimmed(path)
            ? 'a volume is mounted at the path of this artifact'
            : `the volume at ${hidden} lies inside this artifact`;
        yield { at: [...artifact.at, 'path'], what, value: path, fix: 'put the artifact elsewhere' };
      }
    }
  }
}

function* artifactPaths(template: Template): Generator<Problem> {
  const seen = new Map<string, string>();
  for (const artifact of template.inputs.artifacts) {
    const path = textOf(artifact.fields.path);
    if (path === undefined || path === '') continue;
    const other = seen.get(trimmed(path));
    if (other !== undefined) {
      const what = `the artifact "${other}" is put at this path too`;
      yield { at: [...artifact.at, 'path'], what, value: path, fix: 'put one of them elsewhere' };
    }
    seen.set(trimmed(path), artifact.name);
  }
}

/** The volumes that some parts declare. */
export function volumeNames(...parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) => [
    ...partsAt(part, 'volumes').map((volume) => textOf(volume.fields.name) ?? ''),
    ...partsAt(part, 'volumeClaimTemplates').map((claim) => textOf(partAt(claim, 'metadata').fields.name) ?? ''),
  ]);
}

function* declaredVolumes(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const base = findBase(catalogue, workflow);
  if (isSet(workflow.spec.fields.workflowTemplateRef) && base === undefined) return;
  const shared = volumeNames(workflow.spec, ...(base === undefined ? [] : [base.spec]));
  for (const template of workflow.allTemplates) {
    const known = [...shared, ...volumeNames(template)];
    for (const mount of mountsOf(template)) {
      const name = textOf(mount.fields.name) ?? '';
      if (known.includes(name) || name.includes('{{')) continue;
      const what = 'no volume of that name: the pod is refused when the step begins';
      yield {
        at: [...mount.at, 'name'],
        what,
        value: name,
        fix: suggest(name, known, 'declare it in spec.volumes or in the template'),
      };
    }
  }
}

/** Every mount of a template. */
export function mountsOf(template: Template): readonly Part[] {
  // Argo mounts what a sidecar or init container of `mirrorVolumeMounts` needs by itself.
  return [partAt(template, 'containerSet'), ...allContainers(template)].flatMap((part) =>
    partsAt(part, 'volumeMounts'),
  );
}

const ACTIONS = ['get', 'create', 'apply', 'delete', 'replace', 'patch'];

function* resources(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (template.kind !== 'resource') continue;
    const resource = partAt(template, 'resource');
    const { manifest, manifestFrom } = resource.fields;
    const action = scalarText(resource.fields.action) ?? '';
    if (!ACTIONS.includes(action) && !action.includes('{{')) {
      yield {
        at: [...resource.at, 'action'],
        what: 'no such action',
        value: action,
        fix: suggest(action, ACTIONS, 'set action'),
      };
      continue;
    }
    if (action === 'get' || action === 'delete') continue;
    if (!isSet(manifest) && !isSet(manifestFrom)) {
      yield { at: resource.at, what: `nothing to ${action}`, fix: 'set manifest or manifestFrom' };
    }
    if (isSet(manifest) && isSet(manifestFrom)) {
      yield { at: resource.at, what: 'manifest and manifestFrom together', fix: 'keep one of them' };
    }
    const artifact = textOf(partAt(resource, 'manifestFrom', 'artifact').fields.name);
    const names = template.inputs.artifacts.map((each) => each.name);
    if (artifact !== undefined && !names.includes(artifact)) {
      const at = [...resource.at, 'manifestFrom', 'artifact', 'name'];
      yield {
        at,
        what: 'no input artifact of that name',
        value: artifact,
        fix: suggest(artifact, names, 'add it to inputs.artifacts'),
      };
    }
  }
}

export const CONTAINER_RULES: readonly Rule[] = [
  {
    id: 'container-name',
    severity: 'error',
    why: "Argo's own containers are called main, init, wait, supervisor and artifact-plugin-…; another one of such a name is refused, or the pod is. Init containers need a name.",
    check: containerNames,
  },
  {
    id: 'container-set',
    severity: 'error',
    why: 'The controller refuses a containerSet whose containers are not named uniquely, wait for unknown ones or each other, or have inputs and outputs without a container main.',
    check: containerSets,
  },
  {
    id: 'mount-path',
    severity: 'error',
    why: 'Two mounts or input artifacts at one path are refused, and an artifact is hidden by a volume that is mounted over it or inside it.',
    check: mountPaths,
  },
  {
    id: 'undeclared-volume',
    severity: 'error',
    why: 'argo lint does not look at the names of volumes; the API server refuses the pod when the step begins.',
    check: declaredVolumes,
  },
  {
    id: 'resource-template',
    severity: 'error',
    why: 'The controller refuses a resource template with an unknown action, without a manifest, or with two.',
    check: resources,
  },
];
