import { readFileSync } from 'node:fs';
import { findTool } from '../support/tools';
import { excuses, hasExpired, readExceptions } from './exceptions';
import { type Finding, type Scanner, scanners } from './scanners';

const EXCEPTIONS = 'docs/security.md';

/**
 * `npm run scan -- SCANNER... [-- SUBJECT...]`: lets other people's scanners look at what would be published. Exits 1 on
 * a finding without an exception, an exception that has expired or that nothing needs, and a scanner that does not work;
 * 2 on wrong usage.
 */
async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const split = words.indexOf('--');
  const names = split < 0 ? words : words.slice(0, split);
  const named = split < 0 ? [] : words.slice(split + 1);
  const known = scanners.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (names.length === 0 || unknown.length > 0) {
    process.stderr.write(`usage: npm run scan -- ${known.join('|')}... [-- SUBJECT...]\n`);
    process.exitCode = 2;
    return;
  }
  const chosen = scanners.filter(({ name }) => names.includes(name));
  const exceptions = readExceptions(readFileSync(EXCEPTIONS, 'utf8'));
  const today = new Date().toISOString().slice(0, 10);
  for (const exception of exceptions.filter((one) => hasExpired(one, today))) {
    const { scanner, finding, until } = exception;
    problem(`${EXCEPTIONS}: the exception of ${scanner} ${finding} has expired (got ${until}); mend it or look again`);
  }
  const used = new Set<unknown>();
  for (const scanner of chosen) {
    const subjects = named.length > 0 ? named : scanner.subjects();
    if (subjects.length === 0) problem(`${scanner.name}: there is nothing to look at (got no name); name it after --`);
    for (const subject of subjects) {
      const findings = await scanned(scanner, subject);
      if (!findings) continue;
      const open = findings.filter((finding) => {
        const exception = exceptions.find((one) => excuses(one, finding));
        if (exception) used.add(exception);
        return !exception;
      });
      process.stderr.write(
        `${scanner.name} ${subject}: ${open.length} findings, ${findings.length - open.length} excepted\n`,
      );
      for (const { id, where, message } of open) {
        problem(`${where}: ${message} [${scanner.name} ${id}]; update it, or give a reason in ${EXCEPTIONS}`);
      }
    }
  }
  // An exception that nothing needs hides the next finding of its kind. Of named subjects only some were looked at.
  for (const exception of named.length > 0 || process.exitCode ? [] : exceptions) {
    const { scanner, finding, where } = exception;
    if (used.has(exception) || !names.includes(scanner)) continue;
    problem(`${EXCEPTIONS}: nothing needs this exception (got ${scanner} ${finding} ${where}); remove it`);
  }
}

/** Undefined, with a message, when the scanner does not do its work: that must not look like a clean result. */
async function scanned({ name, program, scan }: Scanner, subject: string): Promise<Finding[] | undefined> {
  const path = findTool(program);
  if (!path) {
    problem(`${name}: ${program} is not there (got the PATH); install it`);
    return undefined;
  }
  try {
    return await scan(path, subject);
  } catch (error) {
    problem(`${name} ${subject}: ${(error as Error).message.trim()}; run ${program} by hand`);
    return undefined;
  }
}

function problem(text: string): void {
  process.stderr.write(`error: ${text}\n`);
  process.exitCode = 1;
}

void main();
