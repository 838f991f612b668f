import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Explanation } from '../../src/cli/explanation';
import { makeProject, type Project } from '../support/project';

describe('mlops explain', () => {
  let project: Project;
  beforeAll(() => {
    project = makeProject();
  }, 60_000);
  afterAll(() => project.remove());

  const REGISTRY = 'dist/homelab/registry/statefulset-registry.yaml';

  test('tells where a file comes from and what it has to do with others', () => {
    const { code, stdout, stderr } = project.mlops('explain', REGISTRY);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^StatefulSet registry\/registry\n/);
    expect(stdout).toMatch(/source +src\/platform\/image-registry\.ts:\d+\n/);
    expect(stdout).toMatch(/wave +infrastructure \(-20\)\n/);
    expect(stdout).toMatch(/Application +homelab-registry, in AppProject homelab-infrastructure\n/);
    expect(stdout).toContain('Service registry/registry  spec.serviceName');
    expect(stdout).toMatch(/Secret registry\/registry-htpasswd\s.*exists in the cluster: users of the image registry/);
    expect(stdout).toMatch(/referred to by\n(.*\n)*.*Service registry\/registry +spec\.selector/);
  });

  test('gives programs the same, for all that match', () => {
    const { stdout } = project.mlops('explain', 'sts/registry', '--json');
    const explanations: Explanation[] = JSON.parse(stdout);
    expect(explanations.map(({ cluster }) => cluster)).toEqual(['homelab', 'laptop']);
    expect(explanations[0]).toMatchObject({
      construct: expect.stringMatching(/^homelab\/registry\//),
      file: REGISTRY,
      application: { name: 'homelab-registry' },
      wave: { name: 'infrastructure', number: -20 },
    });
  });

  test('names the source line that makes the object', () => {
    const [explanation]: Explanation[] = JSON.parse(project.mlops('explain', REGISTRY, '--json').stdout);
    const [file = '', line] = explanation?.source?.split(':') ?? [];
    expect(project.read(file).split('\n')[Number(line) - 1]).toContain('kubernetesObject');
  });

  test('lists the files when several match, and takes one of them', () => {
    const { code, stdout } = project.mlops('explain', 'netpol/default-deny', '--cluster', 'laptop');
    const files = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(files.length).toBeGreaterThan(1);
    expect(project.mlops('explain', files[0] ?? '').stdout).toContain(`file        ${files[0]}`);
  });

  test('takes what a person applies at first for what is synced from then on', () => {
    const { stdout } = project.mlops('explain', 'dist/laptop/bootstrap/root/application-laptop.yaml');
    expect(stdout).toContain('dist/laptop/applications/application-laptop.yaml');
  });

  test.each([
    [['sts/regstry'], 'sts/regstry: no such object is rendered; did you mean StatefulSet/registry, '],
    [[REGISTRY.replace('set-', 'st-')], `nothing in src/ renders this file; did you mean ${REGISTRY}?`],
    [['registry'], 'registry: is neither a file of dist/ nor KIND/NAME; '],
    [['dist/laptop/bootstrap/README.md'], 'is no synced object but part of what a person applies'],
    [
      ['svc/registry', '--cluster', 'nowhere'],
      '--cluster: there is no such cluster (got "nowhere"); write one of homelab',
    ],
  ])('bad input: %j', (args, message) => {
    const { code, stdout, stderr } = project.mlops('explain', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
  });

  test.each([[['explain']], [['explain', 'a', 'b']]])('wrong usage: %j', (args) => {
    const { code, stderr } = project.mlops(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
  });
});
