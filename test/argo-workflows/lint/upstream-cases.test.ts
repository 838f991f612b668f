import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readUpstreamCases } from './upstream-cases';

const GO = `package validate

var good = \`
kind: Workflow
metadata: {name: good}
\`

func TestBoth(t *testing.T) {
	err := validate(ctx, good)
	require.NoError(t, err)
	wf := unmarshalWf(\`metadata: {name: bad}\`)
	err = Workflow(ctx, wftmplGetter, cwftmplGetter, wf, nil, Opts{})
	require.ErrorContains(t, err, "is wrong")
}

func TestChanged(t *testing.T) {
	wf := unmarshalWf(good)
	wf.Spec.Entrypoint = "x"
	err := Workflow(ctx, wftmplGetter, cwftmplGetter, wf, nil, Opts{})
	require.Error(t, err)
}
`;

test('manifests are taken from Go tests with their verdicts, unless code changes them', () => {
  const source = mkdtempSync(join(tmpdir(), 'argo-'));
  try {
    mkdirSync(join(source, 'workflow/validate'), { recursive: true });
    writeFileSync(join(source, 'workflow/validate/validate_test.go'), GO);
    writeFileSync(join(source, 'workflow/validate/validate_dag_test.go'), 'package validate\n');
    expect(
      readUpstreamCases(source).map(({ yaml, valid, message }) => ({ yaml: yaml.trim(), valid, message })),
    ).toEqual([
      { yaml: 'kind: Workflow\nmetadata: {name: good}', valid: true, message: '' },
      {
        yaml: 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: bad}',
        valid: false,
        message: 'is wrong',
      },
    ]);
  } finally {
    rmSync(source, { recursive: true });
  }
});
