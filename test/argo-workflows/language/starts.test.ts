import { describe, expect, test } from '@jest/globals';
import {
  container,
  cronWorkflow,
  eventBinding,
  input,
  workflow,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import { problemsOf, program } from './rendering';

const base = { entrypoint: 'main', serviceAccount: { name: 'executor' } } as const;

describe('objects that start runs', () => {
  const template = workflowTemplate('runs', {
    ...base,
    templates: { main: container('main', { ...program, inputs: { mode: input.oneOf(['a', 'b']) } }) },
  });

  test('a cron workflow with a bad schedule is refused', () => {
    const cron = cronWorkflow('c', { template, arguments: { mode: 'a' }, schedules: ['0 3 * * *', '60 * * * *'] });
    expect(problemsOf(() => cron.toManifest())).toEqual([
      'error: cron workflow "c": bad schedule: minute: "60" is no value from 0 to 59 (got "60 * * * *"); use five fields such as "0 3 * * 1", or "@daily"; the time zone is a field of its own',
    ]);
  });

  test('a cron workflow compares its counts as the numbers that they are', () => {
    const cron = cronWorkflow('c', {
      template,
      arguments: { mode: 'a' },
      schedules: ['@daily'],
      stopWhen: (c) => c.failed.gte(3),
    });
    expect(cron.toManifest().spec.stopStrategy).toEqual({ expression: 'cronworkflow.failed >= 3' });
  });

  test('a cron workflow with a long name or an unknown time zone is refused', () => {
    const cron = cronWorkflow('c'.repeat(53), {
      template,
      arguments: { mode: 'a' },
      schedules: ['@daily'],
      timezone: 'Vienna',
    });
    expect(problemsOf(() => cron.toManifest())).toHaveLength(2);
  });

  test.each([
    ['europe/vienna', 1],
    ['utc', 1],
    ['+02:00', 1],
    ['UTC', 0],
    ['Europe/Vienna', 0],
    ['Asia/Calcutta', 0],
  ])('the time zone %s has %i mistakes: Go reads it from a file of that name', (timezone, mistakes) => {
    const cron = cronWorkflow('c', { template, arguments: { mode: 'a' }, schedules: ['@daily'], timezone });
    expect(problemsOf(() => cron.toManifest())).toHaveLength(mistakes);
  });

  test('an event binding with an argument that is not one of the choices is refused', () => {
    const binding = eventBinding('e', { template, arguments: { mode: 'c' as 'a' }, selector: 'true' });
    expect(problemsOf(() => binding.toManifest())[0]).toContain('not one of "a", "b" (got "c")');
  });

  test('an argument that is a value of a run is refused', () => {
    const main = container('main', { ...program, inputs: { name: input.string() } });
    const args = { name: workflow.name };
    const runs = workflowTemplate('runs', { ...base, templates: { main }, arguments: args });
    const cron = cronWorkflow('c', { template: runs, arguments: args, schedules: ['@daily'] });
    const binding = eventBinding('e', { template: runs, arguments: args as never, selector: 'true' });
    for (const start of [runs, cron, binding]) {
      expect(problemsOf(() => start.toManifest())[0]).toContain('a value of a run, before there is one');
    }
  });
});
