import { ARGO_CD_NAMESPACE } from '../constructs/argocd/application';
import type { Cluster, ImageLock } from '../core/cluster';
import { isPrivateImage, privateRegistryHost } from '../core/image';
import { toYaml } from '../core/yaml';
import { type FileSpec, OWNERSHIP_MARK } from '../render/layout';
import { type ExternalObject, objectsOf, type RenderedCluster } from '../render/model';
import { APPLICATIONS } from './applications';
import { ARGO_CD_PATH, argoCdPatches } from './operators/argo-cd';

/**
 * All that a person applies to a new cluster: Argo CD with this platform's settings, then the root Application, which
 * brings the rest. Nothing here is synced.
 */
export function bootstrap(cluster: Cluster, rendered: RenderedCluster, files: readonly FileSpec[]): FileSpec[] {
  const folder = `${cluster.name}/bootstrap`;
  const mark = `${OWNERSHIP_MARK}${cluster.name}/bootstrap; edit src/ and run "npm run synth".`;
  const root = rootFiles(cluster).map((name) => ({
    path: `${folder}/root/${name}`,
    content: contentOf(files, `${cluster.name}/${APPLICATIONS}/${name}`),
  }));
  const { argoCd } = cluster.operators;
  const installation = argoCd && {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: ARGO_CD_NAMESPACE,
    resources: [`${argoCd.repository}//${ARGO_CD_PATH}?ref=${argoCd.version}`],
    patches: argoCdPatches.map((patch) => ({ patch: toYaml(patch) })),
  };
  return [
    ...root,
    ...(installation
      ? [{ path: `${folder}/argo-cd/kustomization.yaml`, content: `${mark}\n---\n${toYaml(installation)}` }]
      : []),
    { path: `${folder}/README.md`, content: `<!-- ${mark} -->\n\n${instructions(cluster, rendered)}` },
  ];
}

function rootFiles({ name }: Cluster): string[] {
  return [`application-${name}.yaml`, `appproject-${name}-root.yaml`];
}

function contentOf(files: readonly FileSpec[], path: string): string {
  const file = files.find((one) => one.path === path);
  if (!file) throw new TypeError(`the root Application is not where bootstrap expects it: ${path}`);
  return file.content;
}

function instructions(cluster: Cluster, rendered: RenderedCluster): string {
  const folder = `dist/${cluster.name}`;
  const created = rendered.externals.filter(isToBeCreated);
  const lines = [
    `# Bring up ${cluster.name}`,
    '',
    'Once for a new cluster, from the root of the repository. From then on Argo CD follows Git.',
    '',
    '1. Make the folders that volumes stand on; Kubernetes does not make them.',
    '',
    ...table(['where', 'folder', 'owner'], folders(cluster)),
    '',
    '2. Create the namespaces.',
    '',
    ...code(`cat ${folder}/namespaces/namespace-*.yaml | kubectl apply --server-side -f -`),
    '',
    '3. Create what is not in Git. The values are yours.',
    '',
    ...created.filter(({ afterSync }) => !afterSync).flatMap((one, _, all) => creation(one, all)),
  ];
  const others = rendered.externals.filter((one) => !isToBeCreated(one) && !isRendered(one, rendered));
  if (others.length > 0) {
    const rows = others.map(({ kind, name, purpose, path }) => [`${kind} ${name}`, purpose, path]);
    lines.push('   What is referred to and must be there in time, whoever brings it:', '');
    lines.push(...table(['what', 'for', 'used by'], rows), '');
  }
  if (cluster.operators.argoCd) {
    lines.push(
      '4. Install Argo CD.',
      '',
      ...code(`kubectl apply --server-side --force-conflicts -k ${folder}/bootstrap/argo-cd`),
      '',
    );
  }
  lines.push(
    `${cluster.operators.argoCd ? 5 : 4}. Hand over to Argo CD.`,
    '',
    ...code(`kubectl apply --server-side --force-conflicts -f ${folder}/bootstrap/root`),
    '',
    `${cluster.operators.argoCd ? 6 : 5}. When the image registry is up, let the nodes trust it ([how](../../../docs/clusters.md)) and push the images of this repository. Until then the pods that run them wait.`,
    '',
    ...created.filter(({ afterSync }) => afterSync).flatMap((one, _, all) => creation(one, all)),
    ...code(`docker login ${privateRegistryHost(cluster)}`, ...privateImages(cluster).flatMap(buildAndPush)),
    '',
  );
  return lines.join('\n');
}

/** Images that are built here, by the folder of their program. */
function privateImages(cluster: Cluster): [string, ImageLock][] {
  return Object.entries(cluster.images).filter(([, image]) => isPrivateImage(cluster, image));
}

function buildAndPush([name, { repository, tag }]: [string, ImageLock]): string[] {
  const image = `${repository}:${tag}`;
  // The deployer is this repository's own renderer.
  const context = name === 'deployer' ? '--file docker/deployer/Dockerfile .' : `docker/${name}`;
  return [`docker build --tag ${image} ${context} && docker push ${image}`];
}

/** Classes and issuers come with a controller; what a person makes has a command. */
function isToBeCreated({ command }: ExternalObject): boolean {
  return command !== undefined;
}

function isRendered({ kind, name }: ExternalObject, rendered: RenderedCluster): boolean {
  return objectsOf(rendered).some(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name);
}

/** How to create something, once for all namespaces that need it; nothing for any but the first of them. */
function creation(one: ExternalObject, all: readonly ExternalObject[]): string[] {
  const same = all.filter(({ kind, name }) => kind === one.kind && name === one.name);
  if (same[0] !== one) return [];
  const namespaces = same.map(({ namespace }) => namespace);
  const keys = one.keys.map((key) => `\`${key}\``).join(' and ');
  const create =
    namespaces.length === 1
      ? [`${one.command} --namespace ${namespaces[0]}`]
      : [`for namespace in ${namespaces.join(' ')}; do`, `  ${one.command} --namespace "$namespace"`, 'done'];
  return [
    `   **${one.kind} \`${one.name}\`** with ${keys}: ${one.purpose}.`,
    '',
    ...code(...(one.preparation ? [one.preparation] : []), ...create),
    '',
  ];
}

function folders(cluster: Cluster): string[][] {
  const volumes = Object.values(cluster.storage);
  const all = cluster.dataset.from === 'volume' ? [...volumes, cluster.dataset.volume] : volumes;
  return all.flatMap((volume) => {
    if (volume.type === 'local') return [[volume.node, `\`${volume.path}\``, '10001:10001']];
    if (volume.type === 'nfs')
      return [[`${volume.server}, exported to ${cluster.network.nodes}`, `\`${volume.path}\``, '10001:10001']];
    return [];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `   | ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function code(...lines: readonly string[]): string[] {
  return ['   ```sh', ...lines.map((line) => `   ${line}`), '   ```'];
}
