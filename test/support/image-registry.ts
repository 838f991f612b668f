import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { registryConfiguration, registryPaths } from '../../src/platform/registry-configuration';

/** What htpasswd -Bn writes for the password "password". */
const HTPASSWD = 'user:$2b$05$K5uLEy0ZBpRpjH9r1ZwWu.beThPHHnK.mhWkSWABd88rqPOuQ0gly\n';
export const LOGIN = Buffer.from('user:password').toString('base64');

/** A real image registry on this machine, set up by the platform's own configuration of it. */
export class TestRegistry {
  readonly certificate: string;
  readonly configuration: string;
  private process: ChildProcess | undefined;
  private port = 0;

  constructor(
    private readonly program: string,
    readonly folder: string,
  ) {
    this.certificate = join(folder, 'certificate', 'tls.crt');
    this.configuration = join(folder, 'config.yml');
    for (const name of ['blobs', 'certificate', 'htpasswd']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'htpasswd', 'htpasswd'), HTPASSWD);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-out', this.certificate],
        ...['-keyout', join(folder, 'certificate', 'tls.key')],
      ],
      { stdio: 'ignore' },
    );
  }

  get host(): string {
    return `localhost:${this.port}`;
  }

  /** Writes the configuration for free ports and waits until the registry answers. */
  async start(): Promise<void> {
    const [port, debug] = await Promise.all([freePort(), freePort()]);
    this.port = port;
    const text = Object.entries({
      [registryPaths.blobs]: join(this.folder, 'blobs'),
      [registryPaths.certificate]: join(this.folder, 'certificate'),
      [registryPaths.htpasswd]: join(this.folder, 'htpasswd'),
      "addr: ':5000'": `addr: 'localhost:${port}'`,
      "addr: ':5001'": `addr: 'localhost:${debug}'`,
      'addr: :5000': `addr: localhost:${port}`,
      'addr: :5001': `addr: localhost:${debug}`,
    }).reduce((all, [from, to]) => all.replaceAll(from, to), registryConfiguration());
    writeFileSync(this.configuration, text);
    this.process = spawn(this.program, ['serve', this.configuration], { stdio: 'ignore' });
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`the registry ended with ${this.process.exitCode}`);
      const answers = await this.ask('GET', '/').then(
        () => true,
        () => false,
      );
      if (answers) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async stop(): Promise<void> {
    const { process } = this;
    if (!process || process.exitCode !== null) return;
    await new Promise((resolve) => {
      process.on('exit', resolve);
      process.kill();
    });
  }

  /** Pushes an image of one empty configuration and returns its digest. */
  async push(name: string, tag: string): Promise<string> {
    const config = Buffer.from('{}');
    const digest = sha256(config);
    const { headers } = await this.ask('POST', `/v2/${name}/blobs/uploads/`);
    const location = String(headers.location);
    const upload = `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`;
    await this.ask('PUT', upload, config, 'application/octet-stream');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length },
        layers: [],
      }),
    );
    await this.ask('PUT', `/v2/${name}/manifests/${tag}`, manifest, mediaType);
    return sha256(manifest);
  }

  ask(
    method: string,
    path: string,
    body?: Buffer,
    type?: string,
  ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
    const options: RequestOptions = {
      method,
      host: 'localhost',
      port: this.port,
      path: path.replace(/^https?:\/\/[^/]+/, ''),
      ca: readFileSync(this.certificate),
      headers: {
        authorization: `Basic ${LOGIN}`,
        ...(type && { 'content-type': type }),
        ...(body && { 'content-length': body.length }),
      },
    };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        if (status >= 400) reject(new Error(`${method} ${path}: ${status}`));
        else resolve({ status, headers: response.headers });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function sha256(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
