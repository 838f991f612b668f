import { describe, expect, test } from '@jest/globals';
import { Testing } from 'cdk8s';
import { workflowTemplate } from '../../../src/argo-workflows/language';
import { Executor, WorkflowObject } from '../../../src/argo-workflows/language/construct';
import { idle } from './rendering';
import { everyKind, nightly, onPush } from './types/every-kind';

describe('in a chart', () => {
  test.each([everyKind, nightly, onPush].map((object) => [object.name, object] as const))(
    '%s is the object that the language renders, empty objects included',
    (_, object) => {
      const chart = Testing.chart();
      new WorkflowObject(chart, 'Object', object);
      expect(Testing.synth(chart)).toEqual([object.toManifest()]);
    },
  );

  test('a workflow template with mistakes stops the program that makes it', () => {
    const template = workflowTemplate('Bad', {
      templates: { idle },
      entrypoint: 'idle',
      serviceAccount: { name: 'executor' },
    });
    expect(() => new WorkflowObject(Testing.chart(), 'Bad', template)).toThrow('bad name of a workflow template');
  });

  test('an executor may report results and nothing else', () => {
    const chart = Testing.chart();
    const executor = new Executor(chart, 'Executor', { name: 'trainer' });
    const objects: readonly { kind: string; metadata: { name: string }; [key: string]: unknown }[] =
      Testing.synth(chart);
    expect(executor.name).toBe('trainer');
    expect(objects.map((object) => [object.kind, object.metadata.name])).toEqual([
      ['ServiceAccount', 'trainer'],
      ['Secret', 'trainer.service-account-token'],
      ['Role', 'trainer'],
      ['RoleBinding', 'trainer'],
    ]);
    expect(objects[0]?.automountServiceAccountToken).toBe(false);
    expect(objects[2]?.rules).toEqual([
      { apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] },
    ]);
  });
});
