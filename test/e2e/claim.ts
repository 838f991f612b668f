import { argoCdPatches } from '../../src/platform/operators/argo-cd';
import { workflowControllerSettings } from '../../src/platform/operators/argo-workflows';
import type { Manifest } from '../../src/render/model';
import { apply, get, kubectl, type LiveObject, listOf } from './kubectl';
import { MARK, nameOf, ownNamespaces, removePlatform } from './platform';

/** What a test may put into a cluster and change there, so that the next one can undo it where this one is killed. */
interface Claim {
  readonly objects: readonly Manifest[];
  /** Of operators, as they were before. */
  readonly settings: readonly object[];
}

/**
 * Takes a cluster for a test: refuses one that holds a platform which these tests did not put there, and undoes what an
 * earlier one left that was killed.
 *
 * @param objects what the test may put there
 * @throws when a namespace of the platform's own workloads exists
 */
export async function claimCluster(objects: readonly Manifest[]): Promise<void> {
  const marked = (await get('namespace', MARK)).length > 0;
  const present = await get('namespace', ...ownNamespaces(objects));
  if (!marked && present.length > 0) {
    const names = present.map(({ metadata }) => metadata.name).join(', ');
    throw new Error(`this cluster has namespaces of the platform (${names}); give KUBECONFIG one for tests`);
  }
  if (!marked) await kubectl(['create', 'namespace', MARK]);
  const left = await readClaim();
  await undo({ objects: distinct([...objects, ...(left?.objects ?? [])]), settings: left?.settings ?? [] });
  await writeClaim({ objects, settings: await operatorSettings() });
}

/** Gives a cluster back as it was when it was claimed; does nothing where that was refused. */
export async function releaseCluster(): Promise<void> {
  const claim = await readClaim();
  if (!claim) return;
  await undo(claim);
  await kubectl(['delete', 'configmap', 'claim', '--namespace', MARK, '--ignore-not-found']);
}

async function undo({ objects, settings }: Claim): Promise<void> {
  await removePlatform(objects);
  if (settings.length > 0) await kubectl(['replace', '--filename', '-'], listOf(settings));
}

async function readClaim(): Promise<Claim | undefined> {
  const [kept] = await get('configmap', 'claim', '--namespace', MARK);
  return kept && JSON.parse(kept.data.claim);
}

async function writeClaim({ objects, settings }: Claim): Promise<void> {
  const identities = objects.map(({ apiVersion, kind, metadata: { name, namespace } }) => {
    return { apiVersion, kind, metadata: { name, namespace } };
  });
  const data = { claim: JSON.stringify({ objects: identities, settings }) };
  await apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'claim', namespace: MARK }, data }]);
}

/** The settings of operators that tests change, as they are now. */
async function operatorSettings(): Promise<object[]> {
  const names = { argocd: argoCdPatches, argo: workflowControllerSettings };
  const found = Object.entries(names).map(([namespace, patches]) =>
    get('configmap', ...patches.map(({ metadata }) => metadata.name), '--namespace', namespace),
  );
  return (await Promise.all(found)).flat().map(({ apiVersion, kind, metadata, data }: LiveObject) => {
    const { name, namespace, labels } = metadata;
    return { apiVersion, kind, metadata: { name, namespace, labels }, data };
  });
}

function distinct(objects: readonly Manifest[]): Manifest[] {
  return [...new Map(objects.map((one) => [nameOf(one), one])).values()];
}
