import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Table from 'cli-table3';
import { parseYaml } from '../../src/core/yaml';
import type { Manifest } from '../../src/render/model';
import { readTree } from '../../src/render/tree';
import { findTool } from '../support/tools';
import { excuses, readExceptions } from './exceptions';
import type { Finding, Subject } from './judge';
import { judges } from './judges';

const EXCEPTIONS = 'docs/security.md';

/** `npm run judges`: lets other people's judges look at `dist/`, one cluster after the other. */
async function main(): Promise<void> {
  const exceptions = readExceptions(readFileSync(EXCEPTIONS, 'utf8'));
  const used = new Set<unknown>();
  const table = new Table({
    head: ['judge', 'cluster', 'files', 'findings', 'excepted'],
    style: { head: [], border: [] },
  });
  const open: Finding[] = [];
  const missing: string[] = [];
  for (const judge of judges) {
    const program = findTool(judge.name);
    if (!program) {
      missing.push(judge.name);
      continue;
    }
    for (const [cluster, subject] of subjects()) {
      const findings = await judge.judge(program, subject);
      const remaining = findings.filter((finding) => {
        const exception = exceptions.find((one) => excuses(one, finding));
        if (exception) used.add(exception);
        return !exception;
      });
      open.push(...remaining);
      table.push([judge.name, cluster, subject.files.length, remaining.length, findings.length - remaining.length]);
    }
  }
  process.stdout.write(`${table.toString()}\n`);
  for (const { judge, rule, object, message } of open) {
    problem(`${object}: ${message} [${judge} ${rule}]; mend it, or give a reason in ${EXCEPTIONS}`);
  }
  // An exception that nothing needs hides the next finding of its kind.
  for (const exception of exceptions) {
    if (used.has(exception) || missing.includes(exception.judge)) continue;
    problem(
      `${EXCEPTIONS}: nothing needs this exception (got ${exception.judge} ${exception.rule} ${exception.objects}); remove it`,
    );
  }
  for (const name of missing) process.stderr.write(`skipped: ${name} is neither on the PATH nor in CLUSTER_HOME/bin\n`);
  if (missing.length === judges.length) problem('judges: none is installed (got an empty list); install one');
}

function problem(text: string): void {
  process.stderr.write(`error: ${text}\n`);
  process.exitCode = 1;
}

/** What each cluster in `dist/` consists of, but for what is applied by hand to bring it up. */
function subjects(): Map<string, Subject> {
  const found = new Map<string, { readonly files: string[]; readonly objects: Map<string, string> }>();
  for (const [path, content] of readTree(resolve('dist'))) {
    const [cluster = '', component] = path.split('/');
    if (component === 'bootstrap' || !path.endsWith('.yaml')) continue;
    const { kind, metadata } = parseYaml(content) as Manifest;
    const subject = found.get(cluster) ?? { files: [], objects: new Map<string, string>() };
    subject.files.push(`dist/${path}`);
    subject.objects.set(`dist/${path}`, `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    found.set(cluster, subject);
  }
  if (found.size === 0) throw new Error('dist/ holds no objects');
  return new Map(
    [...found].map(([name, { files, objects }]) => [
      name,
      { files: files.sort(), objectIn: (file) => objects.get(file) ?? file },
    ]),
  );
}

void main();
