import { describe, expect, test } from '@jest/globals';
import { argo, lint } from './argo';
import { shared } from './types/valid';

const inArgo = argo === undefined ? test.skip : test;
if (argo === undefined) console.warn('skipped: argo lint (no "argo" on PATH or in CLUSTER_HOME/bin)');

describe('argo lint --offline --strict', () => {
  inArgo('accepts a workflow template with every kind of task', () => {
    expect(lint(argo ?? '', [shared.toManifest()])).toBe('');
  });

  inArgo('refuses a reference to nothing, so that its silence means something', () => {
    const broken = JSON.stringify(shared.toManifest()).replaceAll(
      '{{inputs.parameters.url}}',
      '{{inputs.parameters.no}}',
    );
    expect(lint(argo ?? '', [JSON.parse(broken)])).toContain('failed to resolve {{inputs.parameters.no}}');
  });
});
