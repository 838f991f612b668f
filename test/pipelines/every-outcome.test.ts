import { describe, expect, test } from '@jest/globals';
import { isFailed } from '../../src/argo-workflows/run/result';
import { homelab } from '../../src/clusters/homelab';
import { everyOutcome, type Outcomes } from '../../src/testing/every-outcome';
import { templateOf } from './templates';

/** A failure stands for all kinds of it: pipelines treat an error of the platform the same after their attempts. */
const ends = [{}, { exitCode: 1 }];

const found: Outcomes['templates'] = {
  resolve: [
    { parameters: { found: 'false', version: '' } },
    { parameters: { found: 'true', version: 'v0.3.0' } },
    { exitCode: 1 },
  ],
};

const cases: readonly (readonly [string, string, boolean, Outcomes])[] = [
  [
    'train-new-model-version',
    'with one variant',
    false,
    { parameters: { variant: ['standard'] }, templates: found ?? {} },
  ],
  ['train-new-model-version', 'with all variants', false, { parameters: { variant: ['all'] }, templates: found ?? {} }],
  [
    'train-and-inference-testing',
    'in every mode',
    false,
    { parameters: { variant: ['standard', 'smooth'], version: ['v1.0.0'] } },
  ],
  [
    'promote-model-version',
    'with a person who approves or not',
    true,
    { parameters: { version: ['v1.0.0', 'previous'] } },
  ],
  ['promote-model-version', 'without one', false, { parameters: { version: ['v1.0.0', 'previous'] } }],
];

describe('whatever its steps do, a pipeline ends, and every reference resolves', () => {
  test.each(cases)(
    '%s, %s',
    async (name, _, approval, outcomes) => {
      const template = templateOf(name, { pipelines: { ...homelab.pipelines, approval } });
      const names = (template.spec as { readonly templates: readonly { readonly name: string }[] }).templates;
      const templates = Object.fromEntries(names.map((each) => [each.name, outcomes.templates?.[each.name] ?? ends]));
      const phases = new Set<string>();
      const runs = await everyOutcome(template, { ...outcomes, templates }, (result) => {
        phases.add(result.phase);
        // What failed without being foreseen may not end in green.
        const failed = result.nodes.filter(({ kind, phase }) => kind === 'Pod' && isFailed(phase));
        expect(isFailed(result.phase)).toBe(failed.length > 0);
      });
      process.stderr.write(`${name}, ${_}: ${runs} runs\n`);
      expect([...phases].sort()).toEqual(['Failed', 'Succeeded']);
    },
    120_000,
  );
});
