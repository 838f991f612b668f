import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../run';
import { buildImage } from './images';

/** Image of programs from outside; see its Dockerfile. */
export const STAND_IN = 'localhost/mlops-e2e:e2e';

/** Builds it with this machine's kubectl and puts it on the node. */
export async function buildStandIn(): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'mlops-e2e-stand-in-'));
  try {
    cpSync(resolve(__dirname, '..', 'stand-in'), context, { recursive: true });
    copyFileSync((await run('sh', ['-c', 'command -v kubectl'])).trim(), join(context, 'kubectl'));
    await buildImage(STAND_IN, context);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}
