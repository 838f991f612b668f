import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kindsWithSchema } from '../../src/checks/schemas/kinds';
import { type Manifest, objectKey } from '../../src/render/model';
import type { Answer, ApiServer } from '../../src/verify/api-server';

/**
 * A fake: answers the few requests that `verify` makes as an API server would, from objects in memory. Its dry run lays
 * the fields of what is sent over those that are there, and judges nothing. What a real one says is seen in
 * test/e2e/verify.e2e.ts.
 */
export interface FakeCluster extends ApiServer {
  get: ApiServer['get'];
  readonly objects: Map<string, Manifest>;
  /** Every request: method and path. */
  readonly requests: string[];
  /** Kinds that are not served. */
  readonly unserved: Set<string>;
  /** Rights that the credential lacks, as `get secrets`. */
  readonly denied: Set<string>;
  /** What a dry run of an object answers, by kind and name. */
  readonly judgements: Map<string, Partial<Answer>>;
  /** A version of Kubernetes. */
  version: string;
}

const clusterScoped =
  /^(Node|Namespace|PersistentVolume|PriorityClass|StorageClass|IngressClass|GatewayClass|Cluster.*)$/;

export function fakeCluster(objects: readonly Manifest[]): FakeCluster {
  const fake: FakeCluster = {
    url: 'https://fake.example.org',
    objects: new Map(objects.map((one) => [objectKey(one), structuredClone(one)])),
    requests: [],
    unserved: new Set(),
    denied: new Set(),
    judgements: new Map(),
    version: 'v1.34.1',
    get: async (path) => answer(fake, 'GET', path),
    dryRun: async (path, object) => answer(fake, 'PATCH', `${path}?dryRun=All`, object as Manifest),
  };
  return fake;
}

/** The same over HTTP, for requests with this token. */
export async function serve(fake: FakeCluster, token: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const known = request.headers.authorization === `Bearer ${token}`;
      const {
        status,
        body: json,
        warnings,
      } = known
        ? answer(fake, request.method ?? '', request.url ?? '', body === '' ? undefined : JSON.parse(body))
        : failure(401, 'Unauthorized');
      if (warnings.length > 0)
        response.setHeader(
          'warning',
          warnings.map((warning) => `299 - "${warning}"`),
        );
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function answer(fake: FakeCluster, method: string, target: string, sent?: Manifest): Answer {
  fake.requests.push(`${method} ${target}`);
  const path = target.replace(/\?.*/, '');
  if (path === '/version') return success({ gitVersion: fake.version });
  const [, apiVersion = '', rest = ''] =
    /^\/(?:api\/(?=v1)|apis\/(?=[^/]+\/))(v1|[^/]+\/[^/]+)\/?(.*)$/.exec(path) ?? [];
  const kinds = [...(kindsWithSchema[apiVersion] ?? []), ...(apiVersion === 'v1' ? ['Node'] : [])];
  const served = kinds.filter((kind) => !fake.unserved.has(kind));
  if (rest === '')
    return served.length === 0
      ? failure(404, 'the server could not find the requested resource')
      : success({
          resources: served.map((kind) => ({ kind, name: plural(kind), namespaced: !clusterScoped.test(kind) })),
        });

  const [, namespace, resource = '', name] = /^(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/(.+))?$/.exec(rest) ?? [];
  const kind = served.find((one) => plural(one) === resource);
  if (!kind) return failure(404, 'the server could not find the requested resource');
  const verb = method === 'PATCH' ? 'patch' : name === undefined ? 'list' : 'get';
  if (fake.denied.has(`${verb} ${resource}`)) {
    const object = name ? ` "${name}"` : '';
    return failure(403, `${resource}${object} is forbidden: User "jane" cannot ${verb} resource "${resource}"`);
  }
  const matching = [...fake.objects.values()].filter(
    (one) =>
      one.apiVersion === apiVersion &&
      one.kind === kind &&
      (namespace === undefined || one.metadata.namespace === namespace),
  );
  if (name === undefined)
    return success({ kind: `${kind}List`, items: matching.map(({ kind: _, apiVersion: __, ...one }) => one) });
  const live = matching.find(({ metadata }) => metadata.name === name);
  if (method === 'GET') return live ? success(live) : failure(404, `${resource} "${name}" not found`);
  if (!target.includes('dryRun=All')) return failure(400, 'this fake changes nothing');
  if (namespace !== undefined && !fake.objects.has(`/Namespace//${namespace}`))
    return failure(404, `namespaces "${namespace}" not found`, { kind: 'namespaces', name: namespace });
  return { ...success(laid(sent, live)), ...fake.judgements.get(`${kind}/${name}`) };
}

/** The fields of one value over those of another; lists are replaced. */
function laid(over: unknown, under: unknown): unknown {
  if (!isRecord(over) || !isRecord(under)) return over;
  const fields = Object.entries(over).map(([key, value]) => [key, laid(value, under[key])]);
  return { ...under, ...Object.fromEntries(fields) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plural(kind: string): string {
  const name = kind.toLowerCase();
  return /(s|ss)$/.test(name) ? `${name}es` : name.replace(/y$/, 'ie').concat('s');
}

function success(body: unknown): Answer {
  return { status: 200, body, warnings: [] };
}

export function failure(status: number, message: string, details?: object): Answer {
  return { status, body: { kind: 'Status', message, ...(details && { details }) }, warnings: [] };
}
