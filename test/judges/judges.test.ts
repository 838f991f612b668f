import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { findTool } from '../support/tools';
import { judges } from './judges';

const folder = mkdtempSync(join(tmpdir(), 'judges-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bad in every way: privileged, with an unknown field, and with a space at the end of a line. */
const bad = `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: bad
  namespace: bad
spec:
  nodeSelector: {}
  selector:
    matchLabels: {app: bad}
  template:
    metadata:
      labels: {app: bad}
    spec:
      containers:
        - name: bad 
          image: bad
          securityContext: {privileged: true}
`;

for (const judge of judges) {
  const program = findTool(judge.name);
  const name = `${judge.name} finds what is bad, and names the object`;
  if (!program) test.skip(`${name} (skipped: it is not installed)`, () => undefined);
  else {
    test(name, async () => {
      const file = join(folder, 'bad.yaml');
      if (!existsSync(file)) writeFileSync(file, bad);
      const findings = await judge.judge(program, { files: [file], objectIn: () => 'Deployment bad/bad' });
      expect(findings.length).toBeGreaterThan(0);
      expect(new Set(findings.map(({ object }) => object))).toEqual(new Set(['Deployment bad/bad']));
    }, 60_000);
  }
}
