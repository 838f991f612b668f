import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { InvalidInput } from '../core/problem';

/** What an API server answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What it warns of, such as a deprecated version. */
  readonly warnings: readonly string[];
}

/** An API server, for looking only: nothing that this offers changes anything. */
export interface ApiServer {
  /** Its address. */
  readonly url: string;
  readonly get: (path: string) => Promise<Answer>;
  /**
   * Lets it judge what a server-side apply by Argo CD would come to, and forget it.
   *
   * @returns the object as it would be
   */
  readonly dryRun: (path: string, object: object) => Promise<Answer>;
}

/** Milliseconds for one answer. */
const TIMEOUT = 20_000;

/** An apply by another name would not take back what Argo CD has applied before. */
const FIELD_MANAGER = 'argocd-controller';

/**
 * Opens the API server of a kubeconfig context.
 *
 * Its methods throw InvalidInput when it does not answer or does not accept the credential; every other answer is
 * returned.
 *
 * @throws InvalidInput when the kubeconfig cannot be read, has no such context, or gets no credential for it
 */
export async function apiServer(context: string): Promise<ApiServer> {
  const config = await kubeConfig(context);
  const url = config.getCurrentCluster()?.server ?? '';
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw problem(context, `cannot be used (${firstLine(error)})`, 'mend it in the kubeconfig, or log in again');
  }
  const send = async (method: string, path: string, object?: object): Promise<Answer> => {
    const type = object && { 'content-type': 'application/apply-patch+yaml' };
    const headers = { ...options.headers, accept: 'application/json', ...type };
    const target = new URL(`${url.replace(/\/$/, '')}${path}`);
    const body = object && JSON.stringify(object);
    const answer = await answerOf(target, { ...options, method, headers, timeout: TIMEOUT }, body).catch((error) => {
      throw unreachable(context, url, error);
    });
    if (answer.status !== 401) return answer;
    throw problem(context, `${url} does not accept the credential, or no longer (401)`, 'log in again, as for kubectl');
  };
  const query = `?dryRun=All&force=true&fieldManager=${FIELD_MANAGER}`;
  return {
    url,
    get: (path) => send('GET', path),
    dryRun: (path, object) => send('PATCH', path + query, object),
  };
}

async function kubeConfig(context: string): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    const fix = 'mend it, or let KUBECONFIG name another file';
    throw new InvalidInput([{ where: 'kubeconfig', what: `cannot be read (${firstLine(error)})`, fix }]);
  }
  const contexts = config.getContexts().map(({ name }) => name);
  if (!contexts.includes(context)) {
    throw new InvalidInput([
      { where: '--context', what: 'is not in the kubeconfig', got: context, fix: `name one of ${contexts.join(', ')}` },
    ]);
  }
  config.setCurrentContext(context);
  return config;
}

function answerOf(url: URL, options: RequestOptions, body: string | undefined): Promise<Answer> {
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(url, options, (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const warnings = (response.headersDistinct.warning ?? []).map(warningText);
        resolve({ status: response.statusCode ?? 0, body: parsed(text), warnings });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`nothing within ${TIMEOUT / 1000} s`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A proxy before the API server may answer with anything. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}

/** @see https://datatracker.ietf.org/doc/html/rfc7234#section-5.5 */
function warningText(header: string): string {
  return (/^\d{3} \S+ "(.*)"$/.exec(header)?.[1] ?? header).replace(/\\(.)/g, '$1');
}

function unreachable(context: string, url: string, error: NodeJS.ErrnoException): InvalidInput {
  const reason = error.code ?? firstLine(error);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(reason)) {
    const fix = 'renew the certificate-authority of this cluster in the kubeconfig';
    return problem(context, `the certificate of ${url} is not trusted (${reason})`, fix);
  }
  return problem(context, `${url} does not answer (${reason})`, 'start the cluster, or name another --context');
}

function problem(context: string, what: string, fix: string): InvalidInput {
  return new InvalidInput([{ where: `context ${context}`, what, fix }]);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
