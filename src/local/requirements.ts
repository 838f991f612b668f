import { execFile } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import type { Problem } from '../core/problem';
import { HOST, type Ports } from './servers';

const run = promisify(execFile);

/** What of Python the programs are written for. */
const OLDEST_PYTHON = [3, 11] as const;
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
/** What the environments, packages and builds take, with the copies that are made of models. */
export const BYTES_AT_FIRST = 2e9;
export const BYTES_LATER = 0.5e9;

/** A result, or what stands in its way. */
export type Found<T> = { readonly value: T } | { readonly problem: Problem };

/**
 * The first interpreter that is new enough and can make environments.
 *
 * @param environment where they are searched; when its PYTHON names one, only that is asked
 */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<Found<string>> {
  const named = environment.PYTHON || undefined;
  const candidates = named === undefined ? PYTHONS : [named];
  const answers: string[] = [];
  for (const python of candidates) {
    const answer = await askPython(python, environment);
    if (answer === 'good') return { value: python };
    if (answer !== undefined) answers.push(`${python}: ${answer}`);
  }
  const wanted = OLDEST_PYTHON.join('.');
  return {
    problem: {
      where: named ? 'PYTHON' : 'python3',
      what: answers.length === 0 ? 'is not on the PATH' : `cannot be used: ${answers.join(', ')}`,
      ...(named && { got: named }),
      fix: `install Python ${wanted} or newer with its venv module, or name one in the environment variable PYTHON`,
    },
  };
}

/** `good`, what is wrong with it, or undefined when there is none of this name. */
async function askPython(python: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { env });
    const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
    const [oldestMajor, oldestMinor] = OLDEST_PYTHON;
    if (major !== oldestMajor || minor < oldestMinor) return `is ${major}.${minor}`;
    // Debian has both in a package of their own.
    await run(python, ['-c', 'import ensurepip, venv'], { env });
    return 'good';
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return undefined;
    const said = (stderr ?? '').trim().split('\n').at(-1);
    return said || 'does not run';
  }
}

/** @param wanted bytes */
export function diskProblem(folder: string, wanted: number): Problem | undefined {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= wanted) return undefined;
  return {
    where: folder,
    what: `${megabytes(wanted)} MB of free space are wanted`,
    got: `${megabytes(free)} MB`,
    fix: 'make room on that disk',
  };
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1e6);
}

/** Those that something else listens on. */
export async function portProblems(ports: Ports): Promise<Problem[]> {
  const taken = await Promise.all(
    Object.entries(ports).map(async ([, port]) => ((await isFree(HOST, port)) ? [] : [port])),
  );
  return taken.flat().map((port) => ({
    where: `${HOST}:${port}`,
    what: `is in use, and ${ports.page} to ${ports.inferenceTest} are wanted`,
    fix: 'stop what listens there, or choose the first of three free ports with --port',
  }));
}

/** Whether a port can be listened on. */
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
