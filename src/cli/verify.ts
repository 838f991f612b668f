import Table from 'cli-table3';
import pc from 'picocolors';
import { clusters } from '../clusters';
import { loadClusters } from '../core/cluster';
import { readTree } from '../render/tree';
import { verify } from '../verify';
import { apiServer } from '../verify/api-server';
import type { Section } from '../verify/finding';
import { paths } from './project';
import { render } from './render';
import { type ExitCode, say, sayProblems } from './report';
import { plain } from './summary';

export interface VerifyOptions {
  /** Context of the kubeconfig whose cluster is looked at. */
  readonly context: string;
  /** Cluster that it should be. */
  readonly cluster?: string;
  /** Print the result as JSON to stdout. */
  readonly json?: boolean;
}

/** Compares a live cluster with its data and with `dist/`. Changes nothing, there and here. */
export async function verifyCluster({ context, cluster: given, json }: VerifyOptions): Promise<ExitCode> {
  const server = await apiServer(context);
  const all = loadClusters(clusters);
  const [only] = all.length === 1 ? all : [];
  const cluster = all.find(({ name }) => name === (given ?? context)) ?? (given === undefined ? only : undefined);
  if (!cluster) {
    const names = all.map(({ name }) => name).join(' or ');
    const [what, got] =
      given === undefined ? ['must be said: the context is named otherwise', context] : ['is none', given];
    sayProblems('error', [{ where: '--cluster', what, got, fix: `name ${names}` }]);
    return 2;
  }
  const rendered = render(clusters).clusters.find(({ name }) => name === cluster.name);
  if (!rendered) throw new TypeError(`${cluster.name} is not rendered`);
  const sections = await verify(server, { cluster, rendered, dist: readTree(paths.dist) });
  const findings = sections.flatMap((section) => section.findings);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (json)
    process.stdout.write(`${JSON.stringify({ cluster: cluster.name, context, server: server.url, sections })}\n`);
  else {
    for (const finding of findings) sayProblems(finding.severity, [finding]);
    if (findings.length > 0) say();
    say(`${table(sections)}\n`);
    say(
      errors.length === 0
        ? `${cluster.name} is as dist/${cluster.name} says, at ${server.url}`
        : `${pc.red(`${errors.length} errors`)} at ${server.url}; nothing was changed`,
    );
  }
  return errors.length === 0 ? 0 : 1;
}

function table(sections: readonly Section[]): string {
  const rows = new Table({
    head: ['part', 'looked at', 'errors', 'warnings'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
    chars: plain,
  });
  for (const { name, looked, findings } of sections) {
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    rows.push([name, looked, errors === 0 ? pc.dim('0') : pc.red(String(errors)), findings.length - errors]);
  }
  return rows.toString();
}
