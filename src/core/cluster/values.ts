import { z } from 'zod';
import { dnsLabelProblem, dnsSubdomainProblem, LABEL_VALUE } from '../names';
import { parseQuantity } from '../quantity';

/** A string for which `problem` answers why it is wrong; `fix` tells what to write instead. */
export function checked(problem: (value: string) => string | undefined, fix: string) {
  return z.string().check((context) => {
    const what = problem(context.value);
    if (what) context.issues.push({ code: 'custom', input: context.value, message: what, params: { fix } });
  });
}

export const matches = (pattern: RegExp, what: string) => (value: string) => (pattern.test(value) ? undefined : what);

export const dnsLabel = checked(dnsLabelProblem, 'choose a name of at most 63 lower-case letters, digits and "-"');
export const dnsSubdomain = checked(dnsSubdomainProblem, 'write a name such as registry.homelab.internal');

/** With the longest name of a component after it, it must fit into a label of an Application. */
const LONGEST_CLUSTER_NAME = 35;

export const clusterName = checked(
  (value) =>
    value.length > LONGEST_CLUSTER_NAME
      ? `is ${value.length} characters long, at most ${LONGEST_CLUSTER_NAME} are allowed`
      : dnsLabelProblem(value),
  'choose a short name of lower-case letters, digits and "-"',
);

/** A name that resolvers and certificates know; its last label tells it from an address. */
export const hostName = checked((value) => {
  const problem = dnsSubdomainProblem(value) ?? value.split('.').map(dnsLabelProblem).find(Boolean);
  if (problem) return problem;
  if (value.length > LONGEST_DOMAIN) return `is ${value.length} characters long, at most ${LONGEST_DOMAIN} are allowed`;
  return /(^|\.)\d+$/.test(value)
    ? 'is an address or ends in a number, for which there are no certificates'
    : undefined;
}, 'write a name such as registry.homelab.internal');

/** 253, and room for the hosts of the platform below it. */
const LONGEST_DOMAIN = 240;

/** More than any disk, memory or cluster has, and less than Kubernetes can count. */
const LARGEST_AMOUNT = 2 ** 60;

/** A quantity of bytes. */
export const bytes = checked((value) => {
  const amount = parseQuantity(value);
  if (amount === undefined) return 'is not a Kubernetes quantity';
  if (amount > LARGEST_AMOUNT) return 'is more than there is anywhere';
  // `500m` is half a byte; its writer meant 500Mi.
  return amount >= 1024 ? undefined : 'is less than a kibibyte';
}, 'write bytes with a unit, such as 512Mi or 5Gi');

/** A quantity of cores. */
export const cores = checked((value) => {
  const amount = parseQuantity(value);
  if (amount === undefined) return 'is not a Kubernetes quantity';
  if (amount <= 0) return 'must be above zero';
  return amount <= 100_000 ? undefined : 'is more cores than any machine has';
}, 'write cores, such as 8, or millicores, such as 7500m');

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
export const relativePath = checked(
  (value) =>
    /^[^/\0{}]+(\/[^/\0{}]+)*$/.test(value) && !value.split('/').some((part) => part === '.' || part === '..')
      ? undefined
      : 'is not a relative path without ".." and braces',
  'write a path such as data/reviews.csv',
);
export const gitUrl = checked(
  matches(/^(https?:\/\/|ssh:\/\/|git:\/\/|file:\/\/\/|[\w.-]+@[\w.-]+:)[^\s]+$/, 'is not the URL of a Git repository'),
  'write a URL such as https://github.com/you/platform.git',
);
export const httpUrl = checked(
  matches(/^https?:\/\/[^\s/]+[^\s]*$/, 'is not an HTTP URL'),
  'write a URL such as https://example.org/reviews.csv.gz',
);
/**
 * Key of a label, and name of an extended resource.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const labelKey = checked((value) => {
  const slash = value.indexOf('/');
  const name = value.slice(slash + 1);
  const prefix = slash < 0 ? undefined : dnsSubdomainProblem(value.slice(0, slash));
  return prefix || name === '' || name.length > 63 || !LABEL_VALUE.test(name) ? 'is not the key of a label' : undefined;
}, 'write a name such as disk or example.org/disk');

/** Key of a Secret, which becomes the name of a file. */
export const secretKey = checked(
  matches(/^(?!\.\.)[-._a-zA-Z0-9]{1,253}$/, 'is not a key of a Secret'),
  'use letters, digits, "-", "_" and "."',
);

export const labels = z.record(
  labelKey,
  checked(
    (value) => (value.length <= 63 && LABEL_VALUE.test(value) ? undefined : 'is not a label value'),
    'use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
  ),
);
export const port = z.int().min(1).max(65535);
/** The range that an API server hands out by default. */
export const nodePort = z.int().min(30000).max(32767);
/** Smallest and largest number of each field of a schedule. */
const CRON_FIELDS = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of month', 1, 31],
  ['month', 1, 12],
  ['day of week', 0, 7],
] as const;

function cronProblem(text: string): string | undefined {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text)) return undefined;
  const fields = text.split(' ');
  if (fields.length !== CRON_FIELDS.length) return 'is not a cron schedule';
  const wrong = CRON_FIELDS.find(([, least, most], index) =>
    (fields[index] ?? '').split(',').some((part) => {
      const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(part);
      return !match || match.slice(1, 3).some((number) => number !== undefined && (+number < least || +number > most));
    }),
  );
  return wrong && `names the ${wrong[0]} as something that is not * or from ${wrong[1]} to ${wrong[2]}`;
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
export const cronSchedule = checked(cronProblem, 'write five fields of numbers such as "30 3 * * 0", or @weekly');
export const imageDigest = checked(
  matches(/^sha256:[0-9a-f]{64}$/, 'is not a SHA-256 digest'),
  'write sha256: and 64 hexadecimal digits, as the image registry reports it',
);

/** A size of `src/core/resources.ts`. */
export const resourceProfile = z.enum(['small', 'medium', 'large']);

/** A word of a command. */
export const argument = checked((value) => {
  if (value === '') return 'is empty';
  if (value.includes('{{')) return 'contains "{{", which Argo Workflows reads as the beginning of a tag';
  return /\p{Cc}|\p{Surrogate}/u.test(value) ? 'contains a control character or half a character' : undefined;
}, 'write one word of the command; what the step gets is in its environment, such as $(DATA)');
