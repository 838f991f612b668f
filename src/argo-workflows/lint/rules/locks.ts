import { isFields, isSet, type Part, partAt, partsAt } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

function locks(workflow: WorkflowObject): readonly Part[] {
  return [workflow.spec, ...workflow.allTemplates].flatMap((part) =>
    isFields(part.fields.synchronization) ? [partAt(part, 'synchronization')] : [],
  );
}

function* removedFields(workflow: WorkflowObject): Generator<Problem> {
  for (const lock of locks(workflow)) {
    for (const [field, plural] of [
      ['mutex', 'mutexes'],
      ['semaphore', 'semaphores'],
    ] as const) {
      if (!isSet(lock.fields[field])) continue;
      const what = `"${field}" was removed in Argo Workflows 4, which ignores it: nothing is locked`;
      yield { at: [...lock.at, field], what, fix: `write the list "${plural}", which 3.6 and later know` };
    }
  }
  if (workflow.kind === 'CronWorkflow') {
    const spec = partAt({ at: [], fields: workflow.document.object }, 'spec');
    if (isSet(spec.fields.schedule)) {
      const what = '"schedule" was removed in Argo Workflows 4';
      yield { at: [...spec.at, 'schedule'], what, fix: 'write the list "schedules", which 3.6 and later know' };
    }
  }
  for (const part of [workflow.spec, ...workflow.allTemplates]) {
    for (const field of ['podPriority', 'priority']) {
      if (!isSet(part.fields[field]) || (field === 'priority' && part === workflow.spec)) continue;
      const what = `"${field}" was removed in Argo Workflows 4`;
      yield { at: [...part.at, field], what, fix: 'use priorityClassName' };
    }
  }
}

function* duplicates(workflow: WorkflowObject): Generator<Problem> {
  for (const lock of locks(workflow)) {
    for (const field of ['mutexes', 'semaphores']) {
      const seen = new Set<string>();
      for (const item of partsAt(lock, field)) {
        const key = JSON.stringify(item.fields);
        if (seen.has(key)) {
          yield {
            at: item.at,
            what: 'the same lock twice, which the run waits for for ever or is refused',
            value: key,
            fix: 'remove one',
          };
        }
        seen.add(key);
      }
    }
  }
}

function* semaphores(workflow: WorkflowObject): Generator<Problem> {
  for (const lock of locks(workflow)) {
    for (const semaphore of partsAt(lock, 'semaphores')) {
      if (isSet(semaphore.fields.configMapKeyRef) || isSet(semaphore.fields.database)) continue;
      yield { at: semaphore.at, what: 'a semaphore without a size', fix: 'set configMapKeyRef or database' };
    }
    for (const mutex of partsAt(lock, 'mutexes')) {
      if (!isSet(mutex.fields.name)) yield { at: mutex.at, what: 'a mutex without a name', fix: 'name it' };
    }
  }
}

function* templateLocks(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (!isFields(template.fields.synchronization)) continue;
    const field = ['timeout', 'retryStrategy'].find((each) => isSet(template.fields[each]));
    if (field === undefined) continue;
    const what =
      field === 'timeout'
        ? 'the time spent waiting for the lock counts into the timeout'
        : 'the lock is held over all attempts and the pauses between them';
    yield {
      at: [...template.at, 'synchronization'],
      what,
      fix: 'lock the whole workflow, and use activeDeadlineSeconds for the pod',
    };
  }
}

export const LOCK_RULES: readonly Rule[] = [
  {
    id: 'removed-field',
    // A cluster of version 3 still reads them.
    severity: 'warning',
    why: 'Argo Workflows 4 dropped the singular fields: the API server prunes them, and the workflow runs without its lock or schedule.',
    check: removedFields,
  },
  {
    id: 'duplicate-lock',
    severity: 'error',
    why: 'The controller refuses the same lock twice when the run begins.',
    check: duplicates,
  },
  { id: 'lock', severity: 'error', why: 'A mutex needs a name and a semaphore a size.', check: semaphores },
  {
    id: 'template-lock',
    severity: 'warning',
    why: 'The lock of a template is taken before its first attempt and kept until the last; the wait for it counts into its timeout.',
    check: templateLocks,
  },
];
