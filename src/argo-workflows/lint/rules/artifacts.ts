import { type Catalogue, findCalled } from '../catalogue';
import { fieldsOf, isFields, isSet, textOf } from '../fields';
import { callsAndHooksOf, callsOf, type Named, type Template, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

const LOCATIONS = ['s3', 'gcs', 'azure', 'oss', 'hdfs', 'artifactory', 'git', 'http', 'raw', 'plugin'];

function locationsOf(artifact: Named): readonly string[] {
  return LOCATIONS.filter((location) => isSet(artifact.fields[location]));
}

/** Whether an artifact says where it lies; a location whose fields are all empty does not. */
export function hasLocation(artifact: Named): boolean {
  return locationsOf(artifact).some((location) => Object.values(fieldsOf(artifact.fields[location])).some(isSet));
}

function* inputArtifacts(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const artifact of template.inputs.artifacts) {
      yield* pathOnlyInLeaves(template, artifact);
      if (
        template.isLeaf &&
        template.kind !== 'http' &&
        template.kind !== 'plugin' &&
        !isSet(artifact.fields.path) &&
        !isManifest(template, artifact)
      ) {
        yield {
          at: artifact.at,
          what: 'an input artifact without path',
          value: artifact.name,
          fix: 'say in path where the program finds it',
        };
      }
      if (isSet(artifact.fields.from)) {
        yield {
          at: [...artifact.at, 'from'],
          what: 'an input takes no from',
          fix: 'set it in the arguments of the step or task',
        };
      }
    }
    for (const artifact of template.outputs.artifacts) yield* pathOnlyInLeaves(template, artifact);
  }
}

function* outputArtifacts(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    const runs = ['container', 'containerSet', 'script'].includes(template.kind ?? '');
    const outer = template.kind === 'steps' || template.kind === 'dag';
    for (const artifact of template.outputs.artifacts) {
      const { path, from, fromExpression } = artifact.fields;
      if (runs && !isSet(path)) {
        yield {
          at: artifact.at,
          what: 'an output artifact without path',
          value: artifact.name,
          fix: 'say in path where the program writes it',
        };
      } else if (outer && !isSet(from) && !isSet(fromExpression)) {
        yield {
          at: artifact.at,
          what: 'an output artifact that comes from nowhere',
          value: artifact.name,
          fix: 'set from to the artifact of a step or task',
        };
      } else if (isSet(from) && isSet(fromExpression)) {
        yield {
          at: artifact.at,
          what: 'from and fromExpression together',
          value: artifact.name,
          fix: 'keep one of them',
        };
      }
    }
  }
}

function isManifest(template: Template, artifact: Named): boolean {
  return fieldsOf(fieldsOf(fieldsOf(template.fields.resource).manifestFrom).artifact).name === artifact.name;
}

function* pathOnlyInLeaves(template: Template, artifact: Named): Generator<Problem> {
  if (template.isLeaf || !isSet(artifact.fields.path)) return;
  const what = `a ${template.kind ?? ''} template has no files, so no path`;
  yield {
    at: [...artifact.at, 'path'],
    what,
    value: String(artifact.fields.path),
    fix: 'leave it out; set path in the template that runs',
  };
}

function* locations(workflow: WorkflowObject): Generator<Problem> {
  const artifacts = [
    ...workflow.arguments.artifacts,
    ...workflow.allTemplates.flatMap((template) => [
      ...template.inputs.artifacts,
      ...template.outputs.artifacts,
      ...callsAndHooksOf(template).flatMap((call) => call.arguments.artifacts),
    ]),
  ];
  for (const artifact of artifacts) {
    const found = locationsOf(artifact);
    if (found.length > 1) {
      yield { at: artifact.at, what: `an artifact in several places: ${found.join(', ')}`, fix: 'keep one' };
    }
    const git = artifact.fields.git;
    if (isFields(git) && !isSet(git.repo))
      yield { at: [...artifact.at, 'git'], what: 'git without repo', fix: 'set git.repo' };
    const hdfs = artifact.fields.hdfs;
    if (isFields(hdfs)) {
      const lacking = ['addresses', 'path'].find((field) => !isSet(hdfs[field]));
      if (lacking !== undefined)
        yield { at: [...artifact.at, 'hdfs'], what: `hdfs without ${lacking}`, fix: `set hdfs.${lacking}` };
    }
  }
}

function* argumentArtifacts(workflow: WorkflowObject): Generator<Problem> {
  const groups = [workflow.arguments, ...workflow.allTemplates.flatMap(callsAndHooksOf).map((call) => call.arguments)];
  for (const artifact of groups.flatMap((group) => group.artifacts)) {
    const { from, fromExpression } = artifact.fields;
    if (isSet(from) && isSet(fromExpression)) {
      yield { at: artifact.at, what: 'from and fromExpression together', fix: 'keep from' };
    } else if (!isSet(from) && !hasLocation(artifact)) {
      const only = isSet(fromExpression);
      const what = only
        ? 'the controller refuses an argument with only fromExpression'
        : 'an artifact that comes from nowhere';
      const fix = only ? 'choose in an output of a steps or dag template, and pass that on' : 'set from, or a location';
      yield { at: artifact.at, what, value: artifact.name, fix };
    }
  }
}

function* optionalArtifacts(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const call of workflow.allTemplates.flatMap(callsOf)) {
    const template = findCalled(catalogue, workflow, call)?.template;
    for (const artifact of call.arguments.artifacts) {
      const input = template?.inputs.artifacts.find((each) => each.name === artifact.name);
      if (input?.fields.optional !== true || artifact.fields.optional === true || !isSet(artifact.fields.from))
        continue;
      const what =
        'the argument replaces the input and with it optional: true, so that a missing artifact fails the step';
      yield { at: artifact.at, what, value: artifact.name, fix: 'write optional: true here too' };
    }
  }
}

const UNIQUE = /workflow\.(uid|name|creationTimestamp)|pod\.name|node\.name|inputs\.|item|tasks\.name|steps\.name/;

function* sharedKeys(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const artifact of template.outputs.artifacts) {
      for (const location of ['s3', 'gcs', 'azure', 'oss']) {
        const fields = fieldsOf(artifact.fields[location]);
        const field = location === 'azure' ? 'blob' : 'key';
        const key = textOf(fields[field]);
        if (key === undefined || UNIQUE.test(key)) continue;
        const what = 'every run writes to the same key, so parallel runs overwrite each other';
        yield { at: [...artifact.at, location, field], what, value: key, fix: 'put {{workflow.uid}} into the key' };
      }
    }
  }
}

export const ARTIFACT_RULES: readonly Rule[] = [
  {
    id: 'artifact-input',
    severity: 'error',
    why: 'Only templates that run a program have files: they need the path of an artifact, the others must not give one. Where it comes from stands in the arguments.',
    check: inputArtifacts,
  },
  {
    id: 'artifact-output',
    severity: 'error',
    why: 'An output artifact is a path of the program that makes it, or an artifact of a step or task; the run fails when it ends without one.',
    check: outputArtifacts,
  },
  {
    id: 'artifact-location',
    severity: 'error',
    why: 'An artifact has one location, and a Git one a repository.',
    check: locations,
  },
  {
    id: 'artifact-argument',
    severity: 'error',
    why: 'The controller refuses an artifact in arguments without from, location or key; fromExpression alone does not count there, although the field exists.',
    check: argumentArtifacts,
  },
  {
    id: 'optional-artifact',
    severity: 'warning',
    why: "An argument's artifact takes the place of the template's input, including its optional: without it, an absent artifact fails the step.",
    check: optionalArtifacts,
  },
  {
    id: 'shared-artifact-key',
    severity: 'warning',
    why: 'A key without anything of the run in it is written by all runs, and read by one while another writes.',
    check: sharedKeys,
  },
];
