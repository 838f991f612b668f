import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readYamlFile } from '../../../src/argo-workflows/lint/documents';
import type { Fields } from '../../../src/argo-workflows/lint/fields';

/** Objects of one file. */
export interface CorpusFile {
  /** Path from the folder, without extension. */
  readonly name: string;
  readonly objects: readonly Fields[];
}

/** Our own workflows. */
export const OWN = join(__dirname, 'corpus');

/** The YAML files of a folder, in order of their names. */
export function readCorpus(folder: string): readonly CorpusFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => {
      const documents = readYamlFile(join(folder, file));
      const name = relative(folder, join(folder, file)).replace(/\.ya?ml$/, '');
      return { name, objects: 'reason' in documents ? [] : documents.map(({ object }) => object) };
    });
}
