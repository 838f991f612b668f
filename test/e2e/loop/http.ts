import https from 'node:https';

/** People's way in: the Gateway, by host name, with the certificate of the tests. */
export interface Front {
  readonly address: string;
  readonly port: number;
  readonly authority: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: replies have many shapes
  readonly json: any;
}

/** Asks through the Gateway. @throws when there is no reply */
export function ask(front: Front, host: string, path: string, body?: unknown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        hostname: front.address,
        port: front.port,
        path,
        servername: host,
        ca: front.authority,
        method: body === undefined ? 'GET' : 'POST',
        headers: { host, ...(body !== undefined && { 'content-type': 'application/json' }) },
        agent: false,
        timeout: 10_000,
      },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, json: parsed(text) }),
        );
        reply.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${host}${path}: no reply within 10 s`)));
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
