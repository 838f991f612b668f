import { parseArgs } from 'node:util';

/** What the server can be told, by flag or environment variable; a flag wins. */
export interface Settings {
  /** Folder of one model version, or a symbolic link to one. */
  readonly modelDirectory: string;
  /** `sha256:...` of the model version that must be served; undefined serves whatever the folder holds. */
  readonly modelDigest: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number;
  /** Longest text in characters (UTF-16 code units). */
  readonly maxTextLength: number;
  /** Most texts in one request. */
  readonly maxBatchSize: number;
  /** Texts whose probability of being positive is nearer to one half than this are neutral. */
  readonly neutralMargin: number;
  /** Seconds between looks at the model folder for a new version; 0 never looks again. */
  readonly followSeconds: number;
  /** Seconds that requests have to finish after SIGTERM. */
  readonly drainSeconds: number;
  readonly logLevel: string;
}

export type ParsedArguments =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'errors'; readonly errors: readonly string[] };

interface Option {
  readonly flag: string;
  readonly variable: string;
  readonly placeholder: string;
  readonly fallback: string | undefined;
  readonly help: string;
}

const options = {
  modelDirectory: {
    flag: 'model',
    variable: 'MODEL_DIRECTORY',
    placeholder: 'FOLDER',
    fallback: undefined,
    help: 'model version to serve: a folder with model.json and weights.f32, or a link to one (required)',
  },
  modelDigest: {
    flag: 'model-digest',
    variable: 'MODEL_DIGEST',
    placeholder: 'sha256:HEX',
    fallback: '',
    help: 'refuse any other model version',
  },
  host: { flag: 'host', variable: 'HOST', placeholder: 'ADDRESS', fallback: '0.0.0.0', help: 'address to listen on' },
  port: {
    flag: 'port',
    variable: 'PORT',
    placeholder: 'N',
    fallback: '8080',
    help: 'port to listen on; 0 picks a free one',
  },
  maxBodyBytes: {
    flag: 'max-body-bytes',
    variable: 'MAX_BODY_BYTES',
    placeholder: 'N',
    fallback: '262144',
    help: 'largest request body',
  },
  maxTextLength: {
    flag: 'max-text-length',
    variable: 'MAX_TEXT_LENGTH',
    placeholder: 'N',
    fallback: '20000',
    help: 'longest text, in characters',
  },
  maxBatchSize: {
    flag: 'max-batch-size',
    variable: 'MAX_BATCH_SIZE',
    placeholder: 'N',
    fallback: '64',
    help: 'most texts in one request',
  },
  neutralMargin: {
    flag: 'neutral-margin',
    variable: 'NEUTRAL_MARGIN',
    placeholder: 'P',
    fallback: '0',
    help: 'call a text neutral when its probability of being positive is within P of 0.5',
  },
  followSeconds: {
    flag: 'follow-seconds',
    variable: 'FOLLOW_SECONDS',
    placeholder: 'N',
    fallback: '0',
    help: 'look for a changed model folder every N seconds and serve it; 0: never',
  },
  drainSeconds: {
    flag: 'drain-seconds',
    variable: 'DRAIN_SECONDS',
    placeholder: 'N',
    fallback: '20',
    help: 'time for open requests to finish after SIGTERM',
  },
  logLevel: {
    flag: 'log-level',
    variable: 'LOG_LEVEL',
    placeholder: 'LEVEL',
    fallback: 'info',
    help: 'trace, debug, info, warn, error or silent',
  },
} as const satisfies Record<keyof Settings, Option>;

const logLevels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** The text of `--help`. */
export function helpText(): string {
  const rows = Object.values<Option>(options).map((option) => {
    const left = `  --${option.flag} ${option.placeholder}`.padEnd(30);
    const fallback = option.fallback ? `; default ${option.fallback}` : '';
    return `${left}${option.help}${fallback} [${option.variable}]`;
  });
  return `usage: node build/src/main.js --model FOLDER [OPTION]...

Serves the sentiment model in FOLDER over HTTP. Every option can also be given as the
environment variable in brackets; the command line wins. Logs are JSON lines on stdout.

${rows.join('\n')}
  --help                      this text

exit codes: 0 stopped by SIGTERM or SIGINT with every request answered, 1 no usable model, port in
use or requests cut off, 2 wrong usage, 70 a defect of this program
`;
}

/** Reads flags and environment variables; reports every mistake at once. */
export function parseSettings(args: readonly string[], environment: NodeJS.ProcessEnv): ParsedArguments {
  let flags: Readonly<Record<string, unknown>>;
  try {
    const stringOptions = Object.values(options).map((option) => [option.flag, { type: 'string' as const }]);
    flags = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(stringOptions), help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { kind: 'errors', errors: [`error: command line: ${what}; see --help`] };
  }
  if (flags.help === true) return { kind: 'help', text: helpText() };

  const errors: string[] = [];
  const read = (option: Option): { readonly value: string; readonly where: string } => {
    const flag = flags[option.flag];
    if (typeof flag === 'string') return { value: flag, where: `--${option.flag}` };
    const variable = environment[option.variable];
    if (variable !== undefined && variable !== '') return { value: variable, where: option.variable };
    return { value: option.fallback ?? '', where: `--${option.flag}` };
  };
  const number = (option: Option, minimum: number, maximum: number, whole: boolean): number => {
    const { value, where } = read(option);
    const parsed = value.trim() === '' ? Number.NaN : Number(value);
    if (!(parsed >= minimum && parsed <= maximum) || (whole && !Number.isInteger(parsed))) {
      const kind = whole ? 'a whole number' : 'a number';
      errors.push(
        `error: ${where}: must be ${kind} from ${minimum} to ${maximum} (got ${JSON.stringify(value)}); see --help`,
      );
    }
    return parsed;
  };
  const text = (option: Option, pattern: RegExp, what: string): string => {
    const { value, where } = read(option);
    if (!pattern.test(value))
      errors.push(`error: ${where}: must be ${what} (got ${JSON.stringify(value)}); see --help`);
    return value;
  };

  const settings: Settings = {
    modelDirectory: text(options.modelDirectory, /\S/, 'the folder of a model version'),
    modelDigest:
      text(options.modelDigest, /^(sha256:[0-9a-f]{64})?$/, 'sha256: and 64 hexadecimal digits') || undefined,
    host: text(options.host, /\S/, 'an address of this machine'),
    port: number(options.port, 0, 65_535, true),
    maxBodyBytes: number(options.maxBodyBytes, 64, 64 * 1024 * 1024, true),
    maxTextLength: number(options.maxTextLength, 1, 10_000_000, true),
    maxBatchSize: number(options.maxBatchSize, 1, 10_000, true),
    neutralMargin: number(options.neutralMargin, 0, 0.5, false),
    followSeconds: number(options.followSeconds, 0, 3600, false),
    drainSeconds: number(options.drainSeconds, 0, 3600, false),
    logLevel: text(options.logLevel, new RegExp(`^(${logLevels.join('|')})$`), `one of ${logLevels.join(', ')}`),
  };
  return errors.length > 0 ? { kind: 'errors', errors } : { kind: 'settings', settings };
}
