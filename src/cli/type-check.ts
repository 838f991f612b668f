import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Result of checking the types of the whole project. */
export interface TypeCheck {
  readonly ok: boolean;
  /** What the compiler said. */
  readonly output: string;
}

/**
 * Begins to check the types of all that synth loads (tests are checked by `npm run typecheck`) in a process of its own, on another
 * core, while this one renders.
 */
export function startTypeCheck(root: string): Promise<TypeCheck> {
  const compiler = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [compiler, '--project', join(root, 'tsconfig.synth.json'), '--pretty', 'false'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}
