import { request as httpRequest } from 'node:http';
import { type RequestOptions as HttpsOptions, request as httpsRequest } from 'node:https';
import { InvalidInput } from '../../core/problem';

/** Reads JSON from an API server. */
export type ReadJson = (path: string) => Promise<unknown>;

/**
 * Opens the API server of a kubeconfig context for reading.
 *
 * @throws InvalidInput when the kubeconfig has no such context
 */
export async function apiServer(context: string): Promise<ReadJson> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const contexts = config.getContexts().map(({ name }) => name);
  if (!contexts.includes(context)) {
    throw new InvalidInput([
      { where: '--context', what: 'is not in the kubeconfig', got: context, fix: `name one of ${contexts.join(', ')}` },
    ]);
  }
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server ?? '';
  const options: HttpsOptions = {};
  await config.applyToHTTPSOptions(options);
  return (path) => readJson(new URL(path, `${server}/`), options);
}

function readJson(url: URL, options: HttpsOptions): Promise<unknown> {
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const failed = (what: string) =>
      reject(new InvalidInput([{ where: url.href, what, fix: 'check the context with "kubectl version"' }]));
    request(url, { ...options, headers: { ...options.headers, accept: 'application/json' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', ({ message }) => failed(message));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else failed(`the API server answered ${response.statusCode}`);
      });
    })
      .on('error', ({ message }) => failed(message))
      .end();
  });
}
