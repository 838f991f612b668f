import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/temporary';
import { serve } from '../verify/fake-cluster';
import { expectedOf, healthy } from '../verify/healthy';

const root = resolve(__dirname, '..', '..');
const home = temporaryFolder();
const fake = healthy(expectedOf('homelab'));
let server: Server;

beforeAll(async () => {
  const served = await serve(fake, 'right');
  server = served.server;
  const silent = await unusedAddress();
  const context = (name: string, cluster: string, user: string) => ({ name, context: { cluster, user } });
  kubeconfig({
    clusters: [
      { name: 'here', cluster: { server: served.url, 'insecure-skip-tls-verify': true } },
      { name: 'gone', cluster: { server: silent, 'insecure-skip-tls-verify': true } },
    ],
    users: [
      { name: 'right', user: { token: 'right' } },
      { name: 'expired', user: { token: 'expired' } },
    ],
    contexts: [
      context('homelab', 'here', 'right'),
      context('other', 'here', 'right'),
      context('expired', 'here', 'expired'),
      context('gone', 'gone', 'right'),
    ],
  });
});

afterAll(() => void server.close());

function kubeconfig(content: object): void {
  mkdirSync(join(home, '.kube'), { recursive: true });
  writeFileSync(join(home, '.kube', 'config'), JSON.stringify(content));
}

/** An address at which nothing listens: the port was free a moment ago. */
async function unusedAddress(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return `http://127.0.0.1:${port}`;
}

/** Beside this process, which answers as the API server. */
function verify(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: '1', ...environment };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/mlops.js'), 'verify', ...args], { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
let environment: Record<string, string> = {};

test('a cluster that is as it should be', async () => {
  const { code, stdout, stderr } = await verify('--context', 'homelab');
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^ part +looked at +errors +warnings/);
  expect(stderr).toContain('homelab is as dist/homelab says');
  expect(code).toBe(0);
}, 60_000);

test('findings fail it; stdout carries them as JSON, and nothing of what Secrets hold', async () => {
  fake.version = 'v1.33.0';
  fake.objects.delete('/Service/registry/registry');
  const { code, stdout, stderr } = await verify('--context', 'other', '--cluster', 'homelab', '--json');
  expect(stderr).toBe('');
  const { cluster, context, sections } = JSON.parse(stdout);
  expect([cluster, context]).toEqual(['homelab', 'other']);
  const found = sections.flatMap(({ findings }: { findings: { where: string }[] }) =>
    findings.map(({ where }) => where),
  );
  expect(found).toEqual(['homelab.versions.kubernetes', 'dist/homelab/registry']);
  expect(stdout).not.toContain('hidden');
  expect(code).toBe(1);
}, 60_000);

test.each([
  [['--context', 'expired', '--cluster', 'homelab'], 1, /^error: context expired: \S+ does not accept the credential/],
  [
    ['--context', 'gone', '--cluster', 'homelab'],
    1,
    /^error: context gone: \S+ does not answer \(ECONNREFUSED\); start/,
  ],
  [['--context', 'nowhere'], 1, /^error: --context: is not in the kubeconfig \(got "nowhere"\); name one of homelab, /],
  [['--context', 'other'], 2, /^error: --cluster: must be said.+ \(got "other"\); name homelab or laptop/],
  [
    ['--context', 'other', '--cluster', 'cloud9'],
    2,
    /^error: --cluster: is none \(got "cloud9"\); name homelab or laptop/,
  ],
])(
  '%j is told in one line',
  async (args, exitCode, line) => {
    const { code, stdout, stderr } = await verify(...args);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([exitCode, '']);
  },
  60_000,
);

test('a kubeconfig that cannot be read is told in one line', async () => {
  environment = { KUBECONFIG: join(home, 'missing') };
  const { code, stderr } = await verify('--context', 'homelab');
  environment = {};
  expect(stderr).toMatch(/^error: kubeconfig: cannot be read \(.+\); mend it, or let KUBECONFIG name another file\n$/);
  expect(code).toBe(1);
}, 60_000);

test('without --context it is used wrongly', async () => {
  const { code, stderr } = await verify();
  expect(stderr).toContain("required option '--context <name>' not specified");
  expect(code).toBe(2);
}, 60_000);
