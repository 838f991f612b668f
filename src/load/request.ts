import http from 'node:http';
import https from 'node:https';

/** Where requests go, and how. */
export interface Target {
  /** URL of a prediction, such as `https://api.laptop.internal/predict`. */
  readonly url: URL;
  /**
   * Address to connect to in place of what the host's name resolves to.
   * @default - what it resolves to
   */
  readonly address?: string;
  /**
   * Certificate of the authority that signed the server's, as PEM.
   * @default - the authorities that Node.js knows
   */
  readonly authority?: string;
  /** Whether connections are used again. */
  readonly keepAlive: boolean;
}

/** How one request ended. */
export type Outcome =
  | { readonly type: 'answered'; readonly modelVersion: string; readonly milliseconds: number }
  /** The reply was not a prediction, or there was none. */
  | { readonly type: 'failed'; readonly reason: string }
  /** This machine had no port left for another connection: nothing was sent. */
  | { readonly type: 'exhausted' };

const TIMEOUT_MILLISECONDS = 30_000;

/** Sends predictions to one target. */
export interface Sender {
  readonly send: (text: string) => Promise<Outcome>;
  readonly close: () => void;
}

export function sender({ url, address, authority, keepAlive }: Target): Sender {
  const transport = url.protocol === 'https:' ? https : http;
  const agent = new transport.Agent({ keepAlive, maxSockets: Number.POSITIVE_INFINITY });
  const options = {
    agent,
    method: 'POST',
    hostname: address ?? url.hostname,
    port: url.port,
    path: url.pathname + url.search,
    headers: { host: url.host, 'content-type': 'application/json', connection: keepAlive ? 'keep-alive' : 'close' },
    ...(url.protocol === 'https:' && { servername: url.hostname, ...(authority && { ca: authority }) }),
    timeout: TIMEOUT_MILLISECONDS,
  };
  return {
    send: (text) =>
      new Promise((resolve) => {
        const begin = performance.now();
        const body = JSON.stringify({ text });
        const request = transport.request(
          { ...options, headers: { ...options.headers, 'content-length': Buffer.byteLength(body) } },
          (reply) => {
            const chunks: Buffer[] = [];
            reply.on('data', (chunk: Buffer) => chunks.push(chunk));
            reply.on('error', (error) => resolve(failure(error)));
            reply.on('end', () =>
              resolve(read(reply.statusCode ?? 0, Buffer.concat(chunks).toString(), performance.now() - begin)),
            );
          },
        );
        request.on('timeout', () => request.destroy(new Error(`no reply within ${TIMEOUT_MILLISECONDS} ms`)));
        request.on('error', (error) => resolve(failure(error)));
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function read(status: number, body: string, milliseconds: number): Outcome {
  if (status !== 200) return { type: 'failed', reason: `status ${status}` };
  try {
    const { model_version: modelVersion } = JSON.parse(body) as { readonly model_version?: unknown };
    if (typeof modelVersion === 'string') return { type: 'answered', modelVersion, milliseconds };
  } catch {
    // Told below: it is no prediction.
  }
  return { type: 'failed', reason: 'a reply that is no prediction' };
}

function failure(error: NodeJS.ErrnoException): Outcome {
  // The kernel's words for a machine whose ports all wait for late packets of old connections.
  if (error.code === 'EADDRNOTAVAIL') return { type: 'exhausted' };
  return { type: 'failed', reason: error.code ?? error.message };
}
