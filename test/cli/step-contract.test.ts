import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../../src/cli/project';
import { STEP_CONTRACT_PAGE, stepContractPage, stepTable } from '../../src/cli/step-contract';
import { stepsOf, templateOf } from '../pipelines/templates';

describe('the contract of the steps', () => {
  test('agrees with the rendered workflow templates', () => {
    expect(readFileSync(join(root, STEP_CONTRACT_PAGE), 'utf8')).toBe(stepContractPage());
  });

  test('has a row for each program', () => {
    const page = stepContractPage();
    for (const name of ['train-new-model-version', 'train-and-inference-testing', 'promote-model-version']) {
      for (const step of Object.values(stepsOf(templateOf(name))).filter(({ container }) => container)) {
        expect(page).toMatch(new RegExp(`^\\| \`${step.name}\` \\| [^|]*${name}`, 'm'));
      }
    }
  });

  test('changes with an argument', () => {
    const template = templateOf('promote-model-version');
    const changed = JSON.parse(JSON.stringify(template).replace('--largest-loss', '--smallest-loss'));
    expect(stepTable([changed])).not.toBe(stepTable([template]));
  });
});
