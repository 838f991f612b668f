import { ApiObject, App } from 'cdk8s';
import type { Construct } from 'constructs';
import { homelab } from '../../src/clusters/homelab';
import { type ClusterData, loadClusters } from '../../src/core/cluster';
import { ClusterScope, Component } from '../../src/core/component';
import { Existing } from '../../src/core/existing';

/** A component called `a` in a namespace called `a`, of `homelab` with some values replaced. */
export function component(replaced: Partial<ClusterData> = {}): Component {
  const [cluster] = loadClusters([{ ...homelab, ...replaced }]);
  if (!cluster) throw new Error('the cluster is not valid');
  const scope = new ClusterScope(new App(), cluster);
  return new Component(scope, { name: 'a', namespace: 'a', wave: 'services', project: 'services' });
}

/** All objects below a construct, in wire format. */
export function objects(scope: Construct) {
  return scope.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((object) => object.toJson());
}

/** The object of this kind and name; undefined when there is none. */
export function written(scope: Construct, kind: string, name = 'api') {
  return objects(scope).find((object) => object.kind === kind && object.metadata.name === name);
}

/** What is expected in the cluster without being rendered. */
export function existing(scope: Construct) {
  return scope.node.findAll().flatMap((construct) => (construct instanceof Existing ? [construct.props] : []));
}
