import { z } from 'zod';
import { dnsLabelProblem, dnsSubdomainProblem, LABEL_VALUE } from '../names';
import { parseQuantity } from '../quantity';

/** A string for which `problem` answers why it is wrong; `fix` tells what to write instead. */
function checked(problem: (value: string) => string | undefined, fix: string) {
  return z.string().check((context) => {
    const what = problem(context.value);
    if (what) context.issues.push({ code: 'custom', input: context.value, message: what, params: { fix } });
  });
}

const matches = (pattern: RegExp, what: string) => (value: string) => (pattern.test(value) ? undefined : what);

export const dnsLabel = checked(dnsLabelProblem, 'choose a name of at most 63 lower-case letters, digits and "-"');
export const dnsSubdomain = checked(dnsSubdomainProblem, 'write a name such as registry.homelab.internal');

/** A Kubernetes quantity above zero. */
export const positiveQuantity = checked((value) => {
  const amount = parseQuantity(value);
  if (amount === undefined) return 'is not a Kubernetes quantity';
  return amount > 0 && Number.isFinite(amount) ? undefined : 'must be above zero';
}, 'write a number with a unit such as 500m, 2, 512Mi or 5Gi');

export const address = checked(
  matches(/^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/, 'is not an IPv4 address'),
  'write an address such as 192.168.10.11',
);
export const cidr = checked(
  matches(/^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}\/(3[0-2]|[12]?\d)$/, 'is not an IPv4 network'),
  'write a network such as 192.168.10.0/24',
);
export const absolutePath = checked(
  (value) =>
    /^(\/[\w.@-]+)+$/.test(value) && !value.split('/').some((part) => part === '.' || part === '..')
      ? undefined
      : 'is not an absolute path without "..", spaces or a trailing slash',
  'write a path such as /srv/mlops/training',
);
export const gitUrl = checked(
  matches(/^(https?:\/\/|ssh:\/\/|git:\/\/|file:\/\/\/|[\w.-]+@[\w.-]+:)[^\s]+$/, 'is not the URL of a Git repository'),
  'write a URL such as https://github.com/you/platform.git',
);
export const httpUrl = checked(
  matches(/^https?:\/\/[^\s/]+[^\s]*$/, 'is not an HTTP URL'),
  'write a URL such as https://example.org/reviews.csv.gz',
);
export const labels = z.record(
  z.string().min(1),
  checked(
    (value) => (value.length <= 63 && LABEL_VALUE.test(value) ? undefined : 'is not a label value'),
    'use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
  ),
);
export const port = z.int().min(1).max(65535);
/** The range that an API server hands out by default. */
export const nodePort = z.int().min(30000).max(32767);
export const cronSchedule = checked(
  matches(/^(@(yearly|monthly|weekly|daily|hourly)|(\S+ ){4}\S+)$/, 'is not a cron schedule'),
  'write five fields such as "30 3 * * 0", or @weekly',
);
export const imageDigest = checked(
  matches(/^sha256:[0-9a-f]{64}$/, 'is not a SHA-256 digest'),
  'write sha256: and 64 hexadecimal digits, as the image registry reports it',
);
