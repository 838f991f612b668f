import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOGIN, TestRegistry } from '../support/image-registry';
import { temporaryFolder } from '../support/temporary';
import { findTool, skipReason } from '../support/tools';

const program = findTool('docker-registry');
if (!program) skipReason('digests from a real image registry', 'the program docker-registry is not there');

const root = resolve(__dirname, '..', '..');

(program ? describe : describe.skip)('reading the digest of an image', () => {
  const folder = temporaryFolder();
  const registry = new TestRegistry(program ?? '', folder);
  let digest = '';

  /** In a process of its own, because Node reads additional authorities when it begins. */
  const read = (name: string, tag: string, login = LOGIN) => {
    const docker = join(folder, 'docker');
    mkdirSync(docker, { recursive: true });
    writeFileSync(join(docker, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth: login } } }));
    const script = `
      const { readImageDigest } = require('./src/promotion/image-digest');
      readImageDigest({ repository: '${registry.host}/${name}', tag: '${tag}' }).then(
        (digest) => process.stdout.write(digest), (error) => process.stdout.write(error.message));`;
    return spawnSync(process.execPath, ['-r', 'ts-node/register', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_EXTRA_CA_CERTS: registry.certificate, DOCKER_CONFIG: docker },
    }).stdout;
  };

  beforeAll(async () => {
    await registry.start();
    digest = await registry.push('models/trainer', '1.0.0');
  });
  afterAll(() => registry.stop());

  test('returns what the registry stores, with the credentials of docker login', () => {
    expect(read('models/trainer', '1.0.0')).toBe(digest);
  });

  test('says that a tag is not there', () => {
    expect(read('models/trainer', '2.0.0')).toContain('its registry has no such image');
  });

  test('says that the password is wrong, without showing it', () => {
    const said = read('models/trainer', '1.0.0', Buffer.from('user:wrong').toString('base64'));
    expect(said).toContain('refuses the credentials');
    expect(said).not.toContain('wrong');
  });
});

/** The platform's configuration of the registry, in the registry itself. */
(program ? describe : describe.skip)('the configuration of the image registry', () => {
  const folder = temporaryFolder();
  const registry = new TestRegistry(program ?? '', folder);
  const collect = () => spawnSync(program ?? '', ['garbage-collect', registry.configuration], { encoding: 'utf8' });

  beforeAll(() => registry.start());
  afterAll(() => registry.stop());

  test('lets nobody in without a password', async () => {
    await expect(registry.ask('GET', '/v2/')).resolves.toMatchObject({ status: 200 });
    const anonymous = spawnSync(
      'openssl',
      ['s_client', '-connect', registry.host, '-quiet', '-CAfile', registry.certificate],
      {
        encoding: 'utf8',
        input: 'GET /v2/ HTTP/1.0\r\n\r\n',
      },
    );
    expect(anonymous.stdout).toContain('401 Unauthorized');
  });

  test('cannot collect garbage before something was pushed, which is why the pod looks first', async () => {
    expect(collect().status).not.toBe(0);
    await registry.push('models/trainer', '1.0.0');
    expect(collect().status).toBe(0);
  });
});
