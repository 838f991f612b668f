import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { run } from '../judges/judge';

/** Something that must not be published as it is. */
export interface Finding {
  readonly scanner: string;
  /** The scanner's own name of it, such as CVE-2026-1 or GHSA-xxxx-xxxx-xxxx. */
  readonly id: string;
  /** `file: package`, `file:line`, or `image: package`. */
  readonly where: string;
  readonly message: string;
}

/** A program that others wrote to look for secrets or known vulnerabilities. */
export interface Scanner {
  /** Word for the command line and for exceptions. */
  readonly name: string;
  /** The program that it runs. */
  readonly program: string;
  /** What it looks at when nothing is named. */
  readonly subjects: () => readonly string[];
  /** @throws when the program does not do its work */
  readonly scan: (program: string, subject: string) => Promise<Finding[]>;
}

/** Secrets in any commit. */
const secrets: Scanner = {
  name: 'secrets',
  program: 'gitleaks',
  subjects: () => ['.'],
  async scan(program, folder) {
    interface Leak {
      readonly RuleID: string;
      readonly File: string;
      readonly StartLine: number;
      readonly Description: string;
      readonly Commit: string;
    }
    const options = ['--no-banner', '--redact', '--exit-code', '0', '--report-format', 'json', '--report-path', '-'];
    const leaks: readonly Leak[] = JSON.parse(await run(program, ['git', ...options, folder]));
    return leaks.map(({ RuleID, File, StartLine, Description, Commit }) => ({
      scanner: 'secrets',
      id: RuleID,
      where: `${File}:${StartLine}`,
      message: `${Description} (commit ${Commit.slice(0, 12)})`,
    }));
  },
};

/** Advisories on what package-lock.json files name, also for tools that are no part of an image. */
const npm: Scanner = {
  name: 'npm',
  program: 'npm',
  subjects: () => committed('package-lock.json'),
  async scan(program, lock) {
    interface Advisory {
      readonly url: string;
      readonly title: string;
      readonly severity: string;
    }
    interface Report {
      readonly vulnerabilities?: Readonly<Record<string, { readonly via: readonly (string | Advisory)[] }>>;
      readonly message?: string;
    }
    const report: Report = JSON.parse(
      await run(program, ['audit', '--json', '--package-lock-only', '--prefix', dirname(lock)]),
    );
    if (!report.vulnerabilities) throw new Error(`npm audit did not answer: ${report.message ?? 'no reason given'}`);
    return Object.entries(report.vulnerabilities).flatMap(([name, { via }]) =>
      via
        .filter((one) => typeof one !== 'string') // a package that only depends on another one that is named itself
        .map(({ url, title, severity }) => ({
          scanner: 'npm',
          id: url.split('/').at(-1) ?? url,
          where: `${lock}: ${name}`,
          message: `${title} (${severity})`,
        })),
    );
  },
};

/** Advisories on what goes into images, and on what installs it. */
const pip: Scanner = {
  name: 'pip',
  program: 'pip-audit',
  subjects: () => [...committed('requirements.lock'), ...committed('requirements-build.lock')],
  async scan(program, lock) {
    interface Report {
      readonly dependencies: readonly {
        readonly name: string;
        readonly version?: string;
        readonly skip_reason?: string;
        readonly vulns?: readonly { readonly id: string; readonly fix_versions: readonly string[] }[];
      }[];
    }
    const options = ['--require-hashes', '--disable-pip', '--format', 'json', '--progress-spinner', 'off'];
    const { dependencies }: Report = JSON.parse(await run(program, [...options, '--requirement', lock]));
    return dependencies.flatMap(({ name, version, skip_reason, vulns = [] }) => {
      const where = `${lock}: ${name}`;
      if (skip_reason) return [{ scanner: 'pip', id: 'not-audited', where, message: skip_reason }];
      return vulns.map(({ id, fix_versions }) => ({
        scanner: 'pip',
        id,
        where,
        message: `${version} is vulnerable; mended in ${fix_versions.join(', ') || 'no version yet'}`,
      }));
    });
  },
};

/** Severe vulnerabilities in an image that an update would mend, and secrets in its files. */
const images: Scanner = {
  name: 'images',
  program: 'trivy',
  subjects: () => [],
  async scan(program, image) {
    interface Report {
      readonly Results?: readonly {
        readonly Target: string;
        readonly Vulnerabilities?: readonly {
          readonly VulnerabilityID: string;
          readonly PkgName: string;
          readonly InstalledVersion: string;
          readonly FixedVersion: string;
          readonly Severity: string;
        }[];
        readonly Secrets?: readonly { readonly RuleID: string; readonly Title: string; readonly StartLine: number }[];
      }[];
    }
    const options = ['--quiet', '--format', 'json', '--scanners', 'vuln,secret', '--severity', 'HIGH,CRITICAL'];
    const { Results = [] }: Report = JSON.parse(await run(program, ['image', ...options, '--ignore-unfixed', image]));
    return Results.flatMap(({ Target, Vulnerabilities = [], Secrets = [] }) => [
      ...Vulnerabilities.map(({ VulnerabilityID, PkgName, InstalledVersion, FixedVersion, Severity }) => ({
        scanner: 'images',
        id: VulnerabilityID,
        where: `${image}: ${PkgName}`,
        message: `${Severity}: ${InstalledVersion} is vulnerable; mended in ${FixedVersion}`,
      })),
      ...Secrets.map(({ RuleID, Title, StartLine }) => ({
        scanner: 'images',
        id: RuleID,
        where: `${image}: ${Target}:${StartLine}`,
        message: Title,
      })),
    ]);
  },
};

export const scanners: readonly Scanner[] = [secrets, npm, pip, images];

/** Files of that name in Git. */
function committed(name: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--', name, `**/${name}`], { encoding: 'utf8' });
  return listed.split('\0').filter(Boolean);
}
