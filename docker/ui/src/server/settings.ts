import { parseArgs } from 'node:util';

/** What the server can be told, by flag or environment variable; a flag wins. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Inference API to which its paths are passed on; undefined where a gateway does that. */
  readonly api: URL | undefined;
}

export type ParsedArguments =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'help' }
  | { readonly kind: 'errors'; readonly errors: readonly string[] };

export const HELP = `usage: node build/src/server/main.js [OPTION]...

Hands out the web page of the sentiment inference API. Every option can also be given as the
environment variable in brackets; the command line wins. Logs are JSON lines on stdout.

  --host ADDRESS   address to listen on; default 0.0.0.0 [HOST]
  --port N         port to listen on; default 8080; 0 picks a free one [PORT]
  --api URL        pass the API's paths on to the API at this address, for machines without a
                   gateway that does so [API_URL]
  --help           this text

exit codes: 0 stopped by SIGTERM or SIGINT, 1 cannot listen, 2 wrong usage, 70 a defect of this program
`;

/** Reads flags and environment variables; reports every mistake at once. */
export function parseSettings(args: readonly string[], environment: NodeJS.ProcessEnv): ParsedArguments {
  const option = { type: 'string' } as const;
  let flags: { readonly host?: string; readonly port?: string; readonly api?: string; readonly help?: boolean };
  try {
    const options = { host: option, port: option, api: option, help: { type: 'boolean', short: 'h' } } as const;
    flags = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { kind: 'errors', errors: [`error: command line: ${what}; see --help`] };
  }
  if (flags.help) return { kind: 'help' };

  const errors: string[] = [];
  const port = flags.port ?? (environment.PORT || '8080');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    const where = flags.port === undefined ? 'PORT' : '--port';
    errors.push(`error: ${where}: must be a whole number from 0 to 65535 (got ${JSON.stringify(port)}); see --help`);
  }
  const address = flags.api ?? environment.API_URL ?? '';
  const api = URL.canParse(address) ? new URL(address) : undefined;
  if (address !== '' && api?.protocol !== 'http:' && api?.protocol !== 'https:') {
    const where = flags.api === undefined ? 'API_URL' : '--api';
    errors.push(`error: ${where}: must be an http or https URL (got ${JSON.stringify(address)}); see --help`);
  }
  const host = flags.host ?? (environment.HOST || '0.0.0.0');
  if (errors.length > 0) return { kind: 'errors', errors };
  return { kind: 'settings', settings: { host, port: Number(port), api } };
}
