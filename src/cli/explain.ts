import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { checkContext } from '../checks/check';
import { clusters } from '../clusters';
import { loadClusters } from '../core/cluster';
import { InvalidInput, type Problem } from '../core/problem';
import { readApplications } from '../render/applications';
import { findByName, type Located, locate, longKind, nearest } from '../render/find';
import { type Explanation, explainObject, type Related } from './explanation';
import { paths } from './project';
import { type Rendering, render } from './render';
import { type ExitCode, say } from './report';

export interface ExplainOptions {
  /** Only objects of this cluster. */
  readonly cluster?: string;
  /** Print everything as JSON to stdout. */
  readonly json?: boolean;
}

/** Tells where an object comes from and what it has to do with others; asked for by its file or by kind and name. */
export async function explain(target: string, { cluster, json }: ExplainOptions): Promise<ExitCode> {
  const rendering = render(clusters);
  const objects = locate(ofCluster(rendering, cluster));
  const found = find(target, objects);
  if (found.length > 1 && !json) {
    say(`${found.length} objects match ${target}; ask for one by its file:`);
    process.stdout.write(found.map(({ file }) => `dist/${file}\n`).join(''));
    return 0;
  }
  const explanations = explainAll(found, rendering);
  if (json) process.stdout.write(`${JSON.stringify(explanations)}\n`);
  else
    process.stdout.write(
      `${explanations.map((one) => explanationText(one, process.stdout.columns ?? 120)).join('\n')}\n`,
    );
  return 0;
}

function ofCluster({ clusters: rendered }: Rendering, name: string | undefined): Rendering['clusters'] {
  if (name === undefined) return rendered;
  const found = rendered.filter((one) => one.name === name);
  if (found.length > 0) return found;
  const names = rendered.map((one) => one.name);
  throw invalid({
    where: '--cluster',
    what: 'there is no such cluster',
    got: name,
    fix: `write one of ${names.join(', ')}`,
  });
}

/** @throws InvalidInput with what is nearest when nothing matches */
function find(target: string, objects: readonly Located[]): Located[] {
  if (target.endsWith('.yaml') || existsSync(target)) return [findByFile(target, objects)];
  const [kind = '', name = '', ...rest] = target.split('/');
  if (kind === '' || name === '' || rest.length > 0) {
    throw invalid({
      where: target,
      what: 'is neither a file of dist/ nor KIND/NAME',
      fix: 'write dist/<cluster>/<component>/<file>.yaml, or a kind and a name such as Service/registry',
    });
  }
  const found = findByName(objects, kind, name);
  if (found.length > 0) return found;
  const all = objects.map(({ object: { manifest } }) => `${manifest.kind}/${manifest.metadata.name}`);
  throw invalid({
    where: target,
    what: 'no such object is rendered',
    fix: `did you mean ${nearest(`${longKind(kind)}/${name}`, all).join(', ')}?`,
  });
}

function findByFile(target: string, objects: readonly Located[]): Located {
  const below = relative(paths.dist, resolve(target)).replaceAll('\\', '/');
  const path = below.startsWith('../') ? target.replace(/^(\.\/)?dist\//, '') : below;
  // What a person applies at first is a copy of what Argo CD syncs from then on.
  const synced = path.replace(/^([^/]+)\/bootstrap\/root\//, '$1/applications/');
  const found = objects.find(({ file }) => file === synced);
  if (found) return found;
  if (/^[^/]+\/bootstrap(\/|$)/.test(path)) {
    throw invalid({
      where: target,
      what: 'is no synced object but part of what a person applies to a new cluster',
      fix: 'see src/platform/bootstrap.ts, which writes it',
    });
  }
  const files = objects.map(({ file }) => file);
  throw invalid({
    where: target,
    what: 'nothing in src/ renders this file',
    fix: `did you mean dist/${nearest(path, files, 1).join('')}?`,
  });
}

function explainAll(found: readonly Located[], rendering: Rendering): Explanation[] {
  const applications = readApplications([new Map(rendering.files.map(({ path, content }) => [path, content]))]);
  const data = loadClusters(clusters);
  return rendering.clusters.flatMap((rendered) => {
    const own = found.filter(({ object }) => object.cluster === rendered.name);
    const cluster = data.find(({ name }) => name === rendered.name);
    if (own.length === 0 || !cluster) return [];
    const surroundings = {
      context: checkContext(cluster, rendered),
      objects: locate([rendered]),
      applications,
      exceptions: rendering.exceptions,
    };
    return own.map((one) => explainObject(one, surroundings));
  });
}

/** An explanation for a terminal. */
export function explanationText(explanation: Explanation, width: number): string {
  const { kind, namespace, name, wave, application, source, exceptions } = explanation;
  const rows: [string, string][] = [
    ['file', explanation.file],
    ['construct', explanation.construct],
    ['source', source ?? 'unknown'],
    ['component', explanation.component],
    ['wave', wave.name ? `${wave.name} (${wave.number})` : String(wave.number)],
    ['Application', application ? `${application.name}, in AppProject ${application.project}` : 'none'],
  ];
  const lines = [
    pc.bold(`${kind} ${namespace ? `${namespace}/` : ''}${name}`),
    ...rows.map(([label, value]) => `  ${pc.dim(label.padEnd(12))}${value}`),
    ...section('refers to', explanation.refersTo, width),
    ...section('referred to by', explanation.referredToBy, width),
  ];
  if (exceptions.length > 0) {
    lines.push('', `  ${pc.bold('exceptions')}`);
    for (const { check, reason, used } of exceptions)
      lines.push(`    ${check}${used ? '' : ' (not needed here)'}: ${reason}`);
  }
  return lines.join('\n');
}

function section(title: string, related: readonly Related[], width: number): string[] {
  if (related.length === 0) return ['', `  ${pc.bold(title)} nothing`];
  return [
    '',
    `  ${pc.bold(title)}`,
    ...related.flatMap(({ kind, namespace, name, field, from }) => {
      const what = `    ${kind} ${namespace ? `${namespace}/` : ''}${name}`;
      const how = from === undefined ? field : `${field}; ${from}`;
      return what.length + how.length + 2 <= width ? [`${what}  ${pc.dim(how)}`] : [what, `      ${pc.dim(how)}`];
    }),
  ];
}

function invalid(problem: Problem): InvalidInput {
  return new InvalidInput([problem]);
}
