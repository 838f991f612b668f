import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { generateSchemas } from '../../src/checks/schemas/generate';
import { loadSchemas } from '../../src/checks/schemas/load';
import { describeOnCluster, kubectl, say } from './kubectl';

const FOLDER = resolve('schemas');

describeOnCluster('schemas/', () => {
  test('is what the API server says of the kinds that it serves', async () => {
    const read = async (path: string) => JSON.parse((await kubectl(['get', '--raw', path])).stdout);
    const index = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
    const { gitVersion } = await read('/version');
    if (gitVersion !== index.kubernetes) {
      say(`schemas/ not compared: it is from ${index.kubernetes}, this API server is ${gitVersion}`);
      return;
    }
    const kinds: Record<string, string[]> = {};
    for (const [apiVersion, scopes] of Object.entries(loadSchemas(FOLDER).kinds)) {
      const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const { resources } = await read(path).catch(() => ({ resources: [] }));
      const served = Object.keys(scopes).filter((kind) => resources.some((one: { kind: string }) => one.kind === kind));
      if (served.length > 0) kinds[apiVersion] = served;
    }
    const files = (await generateSchemas(read, kinds)).filter(({ path }) => path !== 'index.json');
    expect(files.length).toBeGreaterThan(20);
    for (const { path, content } of files) {
      expect({ path, content: readFileSync(join(FOLDER, path), 'utf8') }).toEqual({ path, content });
    }
    say(`${files.length} schemas compared`);
  });
});
