import { clusters } from '../clusters';
import { type ApplicationChange, count, difference } from '../render/diff';
import { diffMarkdown } from '../render/diff/markdown';
import { manifestOf } from '../render/diff/objects';
import { diffText } from '../render/diff/text';
import { formatPath } from '../render/diff/values';
import { type Commit, readCommittedTree, resolveCommit } from './git';
import { root } from './project';
import { render } from './render';
import type { ExitCode } from './report';

export interface DiffOptions {
  /** Branch, tag or commit whose `dist/` is compared with. */
  readonly against: string;
  readonly format: 'text' | 'markdown' | 'json';
  /** The same as `--format json`. */
  readonly json?: boolean;
}

/** Prints how what the sources render differs from `dist/` at a Git ref. That it differs is no failure. */
export async function diff({ against, format, json }: DiffOptions): Promise<ExitCode> {
  const commit = resolveCommit(root, against);
  const before = readCommittedTree(root, commit, 'dist');
  const changes = difference(before, render(clusters).files);
  process.stdout.write(`${show(changes, commit, json ? 'json' : format)}\n`);
  return 0;
}

function show(changes: readonly ApplicationChange[], commit: Commit, format: DiffOptions['format']): string {
  const against = `${commit.ref} (${commit.id.slice(0, 7)})`;
  switch (format) {
    case 'json':
      return JSON.stringify(diffJson(changes, commit));
    case 'markdown':
      return diffMarkdown(changes, against);
    case 'text':
      return diffText(changes, against, process.stdout.columns ?? 120);
  }
}

function diffJson(changes: readonly ApplicationChange[], commit: Commit) {
  return {
    against: commit,
    counts: count(changes),
    applications: changes.map(({ cluster, component, application, derived, objects, texts }) => ({
      cluster,
      component,
      application,
      derived,
      objects: objects.map((change) => {
        const { apiVersion, kind, metadata } = manifestOf(change);
        const { type, file, movedFrom, derivedFrom, dangers, fields } = change;
        return {
          type,
          apiVersion,
          kind,
          namespace: metadata.namespace,
          name: metadata.name,
          file: `dist/${file}`,
          movedFrom,
          derivedFrom,
          dangers,
          fields: fields.map(({ path, ...rest }) => ({ path: formatPath(path), ...rest })),
        };
      }),
      files: texts.map(({ type, file }) => ({ type, file: `dist/${file}` })),
    })),
  };
}
