import { describe, expect, test } from '@jest/globals';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { objectsIn, stepsOf, templateOf } from './templates';

const asking: ClusterData = {
  ...homelab,
  pipelines: { ...homelab.pipelines, pullRequest: { token: { from: 'existing' } } },
};

describe('promotions that ask to merge', () => {
  const byHand = { pipelines: { ...homelab.pipelines, pullRequest: {} } };
  const args = (changes: Partial<ClusterData>) =>
    stepsOf(templateOf('promote-model-version', changes)).deploy?.container?.args?.join(' ');

  test('are off until the data of the cluster says so', () => {
    expect(args({})).not.toContain('--pull-request');
    expect(stepsOf(templateOf('promote-model-version'))).not.toHaveProperty('merge');
  });

  test('wait for the merge before they ask which version is served', () => {
    expect(args(byHand)).toContain(' --pull-request -- promote');
    const { templates } = templateOf('promote-model-version', byHand).spec as {
      readonly templates: readonly { readonly name: string; readonly dag?: { readonly tasks: readonly object[] } }[];
    };
    const serve = templates.find(({ name }) => name === 'serve')?.dag?.tasks;
    expect(serve).toContainEqual(expect.objectContaining({ name: 'merge', depends: 'deploy' }));
    expect(serve).toContainEqual(expect.objectContaining({ name: 'wait-served', depends: 'merge' }));
  });

  test('reach GitHub, with a token, only where there is one', () => {
    const policies = (changes: Partial<ClusterData>) =>
      objectsIn({ ...homelab, ...changes }).filter(({ metadata }) => metadata.name === 'reaches-github');
    expect(policies(byHand)).toEqual([]);
    expect(policies(asking)).toHaveLength(1);
    const { deploy } = stepsOf(templateOf('promote-model-version', asking));
    expect(deploy?.container?.args).toContain('/secrets/github/token');
    expect(deploy?.metadata?.labels).toHaveProperty(['mlops/reaches-github'], 'true');
  });
});
