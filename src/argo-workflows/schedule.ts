const DESCRIPTORS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
const EVERY = /^@every (\d+(\.\d+)?(h|m|s|ms|us|ns))+$/;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of week', from: 0, to: 6, words: DAYS },
];

/**
 * What is wrong with a schedule; `undefined` when the library that Argo reads schedules with takes it.
 *
 * @see https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
export function scheduleProblem(schedule: string): string | undefined {
  const text = schedule.trim();
  if (text.startsWith('@')) return DESCRIPTORS.test(text) || EVERY.test(text) ? undefined : `unknown word "${text}"`;
  const fields = text.split(/\s+/);
  if (fields.length !== FIELDS.length) return `${text === '' ? 0 : fields.length} fields instead of 5`;
  for (const [index, field] of FIELDS.entries()) {
    const problem = fieldProblem(fields[index] ?? '', field);
    if (problem !== undefined) return `${field.name}: ${problem}`;
  }
  return undefined;
}

function fieldProblem(text: string, field: CronField): string | undefined {
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return `"${part}" has no valid step`;
    if (range === '*' || range === '?') continue;
    const ends = range.split('-');
    const numbers = ends.map((end) => cronNumber(end, field));
    if (ends.length > 2 || numbers.includes(undefined))
      return `"${part}" is no value from ${field.from} to ${field.to}`;
    const [first = 0, last = first] = numbers;
    if (first > last) return `the range "${part}" runs backwards`;
  }
  return undefined;
}

function cronNumber(text: string, field: CronField): number | undefined {
  const word = field.words?.indexOf(text.toLowerCase()) ?? -1;
  if (word >= 0) return word + field.from;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= field.from && number <= field.to ? number : undefined;
}
