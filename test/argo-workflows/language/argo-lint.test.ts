import { describe, expect } from '@jest/globals';
import { argo, lint, testWithArgo } from './argo';
import { caller, everyKind, nightly, onPush } from './types/every-kind';
import { shared } from './types/valid';

describe('argo lint --offline --strict', () => {
  testWithArgo.each([
    ['values, loops and groups', [shared]],
    ['every kind of template and task', [everyKind]],
    ['a template used from outside', [everyKind, caller]],
    ['a cron workflow', [everyKind, nightly]],
    ['an event binding', [everyKind, onPush]],
  ])('accepts %s', (_, objects) => {
    expect(
      lint(
        argo ?? '',
        objects.map((object) => object.toManifest()),
      ),
    ).toBe('');
  });

  testWithArgo('refuses a reference to nothing, so that its silence means something', () => {
    const broken = JSON.stringify(shared.toManifest()).replaceAll(
      '{{inputs.parameters.url}}',
      '{{inputs.parameters.no}}',
    );
    expect(lint(argo ?? '', [JSON.parse(broken)])).toContain('failed to resolve {{inputs.parameters.no}}');
  });
});
