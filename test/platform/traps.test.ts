import { describe, expect, test } from '@jest/globals';
import { ApiObject, App } from 'cdk8s';
import { Construct } from 'constructs';
import { loadSchemas } from '../../src/checks/schemas/load';
import { homelab } from '../../src/clusters/homelab';
import { laptop } from '../../src/clusters/laptop';
import { loadClusters } from '../../src/core/cluster';
import { platform } from '../../src/platform';

const { scopes } = loadSchemas('schemas');
const pin = { version: 'v1.0.0', digest: `sha256:${'a'.repeat(64)}` };

/** Both shipped clusters with everything that they can have, below this construct. */
function objects(scope: Construct): ApiObject[] {
  const clusters = loadClusters([homelab, laptop].map((one) => ({ ...one, models: { sentiment: pin } })));
  for (const cluster of clusters) platform(scope, cluster, scopes);
  return scope.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
}

const flat = objects(new App());

describe('traps of cdk8s', () => {
  test('nothing depends on another construct: the cost of that is exponential, and it renames what is written', () => {
    const app = new App();
    objects(app);
    const dependent = app.node.findAll().filter(({ node }) => node.dependencies.length > 0);
    expect(dependent.map(({ node }) => node.path)).toEqual([]);
  });

  test('no name is generated: those change when code is moved', () => {
    const generated = flat.filter((object) => !object.toJson().metadata?.name || object.toJson().metadata.generateName);
    expect(generated.map(({ node }) => node.path)).toEqual([]);
  });

  test('nothing depends on construct paths, selectors least of all: they cannot change in a cluster', () => {
    const elsewhere = objects(new Construct(new App(), 'moved-into-a-group'));
    const written = (some: readonly ApiObject[]) => some.map((object) => JSON.stringify(object.toJson()));
    expect(written(elsewhere)).toEqual(written(flat));
  });

  test('no label is made by cdk8s', () => {
    expect(flat.filter((object) => JSON.stringify(object.toJson()).includes('cdk8s.io/'))).toEqual([]);
  });

  test('no cluster-scoped object has a namespace', () => {
    const wrong = flat.filter(
      (object) => scopes(object.apiVersion, object.kind) === 'Cluster' && object.metadata.namespace !== undefined,
    );
    expect(wrong.map(({ node }) => node.path)).toEqual([]);
  });
});
