import { splitTags } from '../../expressions/tags';
import { isDuration } from '../duration';
import { fieldsOf, isSet, listOf, type Part, partAt, partsAt, scalarText, textOf } from '../fields';
import type { Template, WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

/** The parts of a template that are containers with an image of their own. */
export function mainContainers(template: Template): readonly Part[] {
  return [
    ...(isSet(template.fields.container) ? [partAt(template, 'container')] : []),
    ...(isSet(template.fields.script) ? [partAt(template, 'script')] : []),
    ...partsAt(partAt(template, 'containerSet'), 'containers'),
  ];
}

/** Every container of a template: main ones, init containers and sidecars. */
export function allContainers(template: Template): readonly Part[] {
  return [...mainContainers(template), ...partsAt(template, 'initContainers'), ...partsAt(template, 'sidecars')];
}

function defaultOf(workflow: WorkflowObject, container: Part, field: string): unknown {
  const kind = container.at.includes('script') ? 'script' : 'container';
  return fieldsOf(fieldsOf(workflow.spec.fields.templateDefaults)[kind])[field];
}

function* images(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const container of allContainers(template)) {
      if (isSet(container.fields.image) || isSet(defaultOf(workflow, container, 'image'))) continue;
      yield { at: container.at, what: 'a container without image', fix: 'set image' };
    }
  }
}

function* commands(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const container of mainContainers(template)) {
      const command = container.fields.command ?? defaultOf(workflow, container, 'command');
      if (listOf(command).length > 0) continue;
      const what = 'no command: the controller must ask the image registry for the entrypoint of the image';
      yield { at: container.at, what, fix: 'set command to the program, args to its arguments' };
    }
  }
}

function* deadlines(workflow: WorkflowObject): Generator<Problem> {
  const whole = workflow.spec.fields.activeDeadlineSeconds;
  if (typeof whole === 'number' && whole <= 0) {
    yield {
      at: [...workflow.spec.at, 'activeDeadlineSeconds'],
      what: 'a deadline that is over when the run begins, so that every step fails',
      value: String(whole),
      fix: 'write a positive number of seconds, or leave it out',
    };
  }
  for (const template of workflow.allTemplates) {
    const { activeDeadlineSeconds, timeout, pendingTimeout } = template.fields;
    const outer = template.kind === 'steps' || template.kind === 'dag';
    if (outer && isSet(activeDeadlineSeconds)) {
      yield misplaced(template, 'activeDeadlineSeconds', template.kind);
    } else if (isSet(activeDeadlineSeconds)) {
      const text = scalarText(activeDeadlineSeconds) ?? '';
      if (!text.includes('{{') && !(Number(text) > 0 && Number.isInteger(Number(text)))) {
        const what = 'activeDeadlineSeconds is no positive integer';
        yield { at: [...template.at, 'activeDeadlineSeconds'], what, value: text, fix: 'write the number of seconds' };
      }
    }
    for (const [field, value] of Object.entries({ timeout, pendingTimeout })) {
      const text = scalarText(value);
      if (text === undefined || text === '') continue;
      if (!template.isLeaf && (outer || template.kind === 'suspend')) {
        yield misplaced(template, field, template.kind ?? '');
      } else if (!text.includes('{{') && !isDuration(text)) {
        yield {
          at: [...template.at, field],
          what: `${field} is no duration`,
          value: text,
          fix: 'write a unit, such as 90s, 10m or 1h',
        };
      }
    }
  }
}

function misplaced(template: Template, field: string, kind: string): Problem {
  const what = `${field} has no meaning on a ${kind} template`;
  return {
    at: [...template.at, field],
    what,
    fix: 'set it on the templates that run pods, or activeDeadlineSeconds on the workflow',
  };
}

function* parallelism(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (!isSet(template.fields.parallelism) || template.kind === 'steps' || template.kind === 'dag') continue;
    const what = `parallelism has no meaning on a ${template.kind ?? ''} template`;
    yield { at: [...template.at, 'parallelism'], what, fix: 'set it on the steps or dag template that runs several' };
  }
}

function* podResources(workflow: WorkflowObject): Generator<Problem> {
  const parts = [workflow.spec, ...workflow.allTemplates];
  for (const part of parts) {
    if (!isSet(part.fields.podResources)) continue;
    const resources = partAt(part, 'podResources');
    const template = workflow.allTemplates.find((each) => each === part);
    if (template?.kind === 'http' || template?.kind === 'plugin') {
      yield {
        at: resources.at,
        what: `a ${template.kind} template has no pod of its own`,
        fix: 'leave podResources out',
      };
    }
    if (listOf(resources.fields.claims).length > 0) {
      yield {
        at: [...resources.at, 'claims'],
        what: 'a pod as a whole takes no claims',
        fix: 'set them on the container',
      };
    }
    for (const list of ['limits', 'requests']) {
      for (const name of Object.keys(fieldsOf(resources.fields[list]))) {
        if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) continue;
        const what = 'a pod as a whole has only cpu, memory and hugepages';
        yield { at: [...resources.at, list, name], what, value: name, fix: 'set it on the container' };
      }
    }
  }
}

function* resourceClaims(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (template.isPod || template.kind === undefined || listOf(template.fields.resourceClaims).length === 0) continue;
    const what = `a ${template.kind} template makes no pod that could have claims`;
    yield { at: [...template.at, 'resourceClaims'], what, fix: 'set them on the template that runs the pod' };
  }
}

function* quantities(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const container of allContainers(template)) {
      for (const list of ['limits', 'requests']) {
        const part = partAt(container, 'resources', list);
        for (const [name, value] of Object.entries(part.fields)) {
          const text = textOf(value);
          if (text === undefined || splitTags(text).every((each) => each.kind === 'text')) continue;
          const fix = 'set it by podSpecPatch, which is filled in before it is read';
          yield {
            at: [...part.at, name],
            what: 'a quantity cannot be filled in; the API server refuses it',
            value: text,
            fix,
          };
        }
      }
    }
  }
}

export const LEAF_RULES: readonly Rule[] = [
  {
    id: 'image',
    severity: 'error',
    why: 'The controller refuses a container or script without an image.',
    check: images,
  },
  {
    id: 'command',
    severity: 'warning',
    why: 'The executor starts the program itself, so without a command the controller asks the image registry what the image would run: it needs access to the registry, and the step fails with exit code 64 when it has none.',
    check: commands,
  },
  {
    id: 'deadline',
    severity: 'error',
    why: 'The controller refuses deadlines on templates that run others, deadlines that are not positive, and timeouts without a unit; a workflow whose own deadline is not positive fails at once.',
    check: deadlines,
  },
  {
    id: 'parallelism',
    severity: 'error',
    why: 'The controller refuses parallelism on a template that runs only one thing.',
    check: parallelism,
  },
  {
    id: 'pod-resources',
    severity: 'error',
    why: 'Kubernetes knows only cpu, memory and hugepages for a pod as a whole; anything else fails when the pod is created.',
    check: podResources,
  },
  {
    id: 'resource-claims',
    severity: 'error',
    why: 'Claims belong to a pod; the controller refuses them on templates that make none.',
    check: resourceClaims,
  },
  {
    id: 'quantity-tag',
    severity: 'error',
    why: 'Quantities under resources are read before variables are filled in, so the object is refused; podSpecPatch is filled in first.',
    check: quantities,
  },
];
