import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lintFolder } from '../../../src/argo-workflows/lint/command';
import { readYamlText } from '../../../src/argo-workflows/lint/documents';
import { type Finding, lintDocuments } from '../../../src/argo-workflows/lint/lint';
import { readUpstreamCases } from './upstream-cases';

const SOURCE = process.env.ARGO_WORKFLOWS_SOURCE;

/**
 * What Argo refuses only when a workflow is submitted, or because it asks the cluster: a warning here, since nobody can
 * tell from the file.
 */
const UNDECIDED = ['submitted-value', 'foreign-template'];

/** What Argo's validation accepts, and no pod can be made of. */
const BEYOND_VALIDATION = ['pod-name'];

const isWrong = (finding: Finding): boolean =>
  finding.severity === 'error' && !BEYOND_VALIDATION.includes(finding.rule);

if (SOURCE === undefined) {
  console.warn('skipped: set ARGO_WORKFLOWS_SOURCE to a checkout of argoproj/argo-workflows to lint its examples');
}

(SOURCE === undefined ? describe.skip : describe)("Argo's own material", () => {
  test('gives no error in any example', () => {
    const { findings, checked, inputProblems } = lintFolder(join(SOURCE ?? '', 'examples'));
    expect(inputProblems).toEqual([]);
    expect(checked).toBeGreaterThan(200);
    expect(findings.filter(isWrong)).toEqual([]);
  });

  test('gets the verdict of every validation test', () => {
    const cases = readUpstreamCases(SOURCE ?? '');
    const wrong = cases.flatMap(({ name, yaml, templates, valid, message }) => {
      const documents = [...templates, yaml].map((text) => readYamlText(text, 'case.yaml'));
      const readable = documents.flatMap((each) => (Array.isArray(each) ? each : []));
      const { findings } = lintDocuments(readable);
      const errors = findings.filter(isWrong);
      const undecided = findings.some((finding) => UNDECIDED.includes(finding.rule));
      const right = valid ? errors.length === 0 : errors.length > 0 || undecided;
      return right ? [] : [{ name, valid, message, errors: errors.map((error) => `${error.rule}: ${error.what}`) }];
    });
    expect(wrong).toEqual([]);
    expect(cases.filter((each) => each.valid).length).toBeGreaterThan(50);
    expect(cases.filter((each) => !each.valid).length).toBeGreaterThan(60);
  });
});
