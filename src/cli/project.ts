import { join, resolve } from 'node:path';

/** Root of the repository. */
export const root = resolve(__dirname, '..', '..');

/** Folders and files of the repository that commands work on. */
export const paths = {
  dist: join(root, 'dist'),
  schemas: join(root, 'schemas'),
} as const;
