import pc from 'picocolors';
import { formatProblem, InvalidInput, type Problem } from '../core/problem';

/** Everything that is for people goes to stderr; stdout carries results. */
export function say(line = ''): void {
  process.stderr.write(`${line}\n`);
}

export function sayProblems(label: 'error' | 'warning', problems: readonly Problem[]): void {
  const colour = label === 'error' ? pc.red : pc.yellow;
  for (const problem of problems) say(`${colour(`${label}:`)} ${formatProblem(problem)}`);
}

/** Findings that stop nothing: those of one kind under one heading, each distinct value once. */
export function sayWarnings(problems: readonly Problem[]): void {
  const groups = new Map<string, Set<string>>();
  for (const { where, what, got, fix } of problems) {
    const heading = `${what}; ${fix}`;
    groups.set(
      heading,
      (groups.get(heading) ?? new Set()).add(
        typeof got === 'string' ? `${where.replace(/ \(.*\)/, '')}: ${got}` : where,
      ),
    );
  }
  for (const [heading, places] of groups) {
    say(`${pc.yellow('warning:')} ${heading}`);
    for (const place of places) say(`  ${pc.dim(place)}`);
  }
  if (groups.size > 0) say();
}

/** 0 success, 1 invalid input or a failed run, 2 wrong usage, 70 a defect of ours, 130 ended by Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 70 | 130;

/** Runs a command and turns what it throws into messages and an exit code: a stack trace is for defects only. */
export async function runCommand(work: () => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (error instanceof InvalidInput) {
      sayProblems('error', error.problems);
      process.exitCode = 1;
      return;
    }
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code && code in fileErrors) {
      sayProblems('error', [
        {
          where: path ?? 'file system',
          what: `${fileErrors[code]} (${code})`,
          fix: 'mend it and try again; dist/ is as it was',
        },
      ]);
      process.exitCode = 1;
      return;
    }
    say(`${pc.red('defect:')} ${message}`);
    say(error instanceof Error ? (error.stack ?? '') : String(error));
    say('Please report it; SOURCE_MAPS=1 before the command gives exact lines.');
    process.exitCode = 70;
  }
}

/** Errors of the file system that are a matter of the machine. */
const fileErrors: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the quota is used up',
  ENOSPC: 'no space is left',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  EXDEV: 'cannot be renamed',
};
