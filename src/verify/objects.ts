import { at, text } from '../checks/read';
import { type Manifest, objectKey } from '../render/model';
import type { Answer, ApiServer } from './api-server';
import { type Discovery, pathOf } from './discovery';
import { driftOf, ignoredIn } from './drift';
import { type Finding, missingRight, objectName, read, type Section } from './finding';
import { applicationOf, type Living, livingBeside, TRACKING } from './living';

/** The objects of one folder of `dist/`, and the Application that syncs it. */
export interface Folder {
  /** Path from the root of the repository, such as `dist/homelab/registry`. */
  readonly path: string;
  readonly objects: readonly Manifest[];
  /** Undefined when Argo CD does not sync it. */
  readonly application?: Manifest;
}

/** The API server takes every object of `dist/`, and holds each as `dist/` says. */
export async function verifyObjects(
  server: ApiServer,
  discovery: Discovery,
  folders: readonly Folder[],
): Promise<Section> {
  const all = folders.flatMap(({ objects }) => objects);
  const living = await livingBeside(server, discovery, all);
  const findings = await Promise.all(folders.map((folder) => folderFindings(server, discovery, living, folder)));
  return {
    name: 'objects',
    looked: all.length,
    findings: [...living.findings, ...findings.flat(), ...leftovers(living, folders)],
  };
}

async function folderFindings(
  server: ApiServer,
  discovery: Discovery,
  living: Living,
  folder: Folder,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const served = folder.objects.filter(({ apiVersion, kind }) => discovery.resourceOf(apiVersion, kind));
  const absent = served.filter((manifest) => living.isKnown(manifest) && !living.find(manifest));
  // One after the other: folders are many enough to keep an API server busy.
  for (const manifest of served) findings.push(...(await objectFindings(server, discovery, living, folder, manifest)));
  if (absent.length === 0) return findings;
  const what =
    absent.length === folder.objects.length
      ? `none of its ${absent.length} objects is in the cluster`
      : `not in the cluster: ${absent.map(objectName).join(', ')}`;
  return [...findings, { severity: 'error', where: folder.path, what, fix: syncs(folder) }];
}

async function objectFindings(
  server: ApiServer,
  { resourceOf }: Discovery,
  living: Living,
  folder: Folder,
  manifest: Manifest,
): Promise<Finding[]> {
  const { apiVersion, kind } = manifest;
  const resource = resourceOf(apiVersion, kind);
  if (!resource) return [];
  const path = pathOf(apiVersion, resource, manifest.metadata);
  const apply = (to: Manifest | undefined) => server.dryRun(path, tracked(manifest, to));
  const ignored = ignoredIn(folder.application, manifest);
  const live = living.find(manifest);
  const answer = await apply(live);
  const where = objectName(manifest);
  const warnings = answer.warnings.map((warning): Finding => {
    const fix = `mend what makes it: npm run explain -- ${kind}/${manifest.metadata.name}`;
    return { severity: 'warning', where, what: `the API server warns: ${warning}`, fix };
  });
  if (answer.status >= 300) return [...warnings, ...refusal(manifest, answer)];
  if (!live || !driftOf(live, answer.body as Manifest, ignored)) return warnings;
  // A controller may have written to it after it was listed: what differs is looked at again.
  const { value } = await read(server, path);
  const now = (value as Manifest | undefined) ?? live;
  const drift = driftOf(now, (await apply(now)).body as Manifest, ignored);
  if (!drift) return warnings;
  const fix = `${syncs(folder)}; to keep it, put it into src/`;
  return [...warnings, { severity: 'error', where, what: `is not as ${folder.path} says: ${drift}`, fix }];
}

function refusal(manifest: Manifest, answer: Answer): Finding[] {
  const right = missingRight(answer);
  if (right) return [right];
  // An object that is to be in a namespace to come cannot be tried; that it is not there is told elsewhere.
  if (answer.status === 404 && at(answer.body, 'details', 'kind') === 'namespaces') return [];
  const { kind, metadata } = manifest;
  const message = text(at(answer.body, 'message')) ?? `status ${answer.status}`;
  const namespace = metadata.namespace === undefined ? '' : ` --namespace ${metadata.namespace}`;
  const fix = /immutable|forbidden: updates to/.test(message)
    ? `give it another name, or let it be made anew: kubectl delete ${kind.toLowerCase()} ${metadata.name}${namespace}`
    : `mend what makes it: npm run explain -- ${kind}/${metadata.name}`;
  return [{ severity: 'error', where: objectName(manifest), what: `the API server refuses it: ${message}`, fix }];
}

/** Argo CD marks what it applies; without the mark, the apply would take it away. */
function tracked(manifest: Manifest, live: Manifest | undefined): Manifest {
  const mark = live?.metadata.annotations?.[TRACKING];
  if (mark === undefined) return manifest;
  const annotations = { ...manifest.metadata.annotations, [TRACKING]: mark };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/** What Argo CD applied once and `dist/` no longer has. */
function leftovers({ objects }: Living, folders: readonly Folder[]): Finding[] {
  const wanted = new Set(folders.flatMap((folder) => folder.objects.map(objectKey)));
  const applications = new Set(folders.flatMap(({ application }) => application?.metadata.name ?? []));
  return objects.flatMap((live): Finding[] => {
    const application = applicationOf(live);
    if (!application || !applications.has(application) || wanted.has(objectKey(live))) return [];
    const fix = `argocd app sync ${application} --prune; what carries Prune=false is deleted by hand`;
    return [{ severity: 'warning', where: objectName(live), what: 'was synced once and is no longer in dist/', fix }];
  });
}

function syncs({ path, application }: Folder): string {
  return application ? `argocd app sync ${application.metadata.name}` : `apply ${path}, which Argo CD does not sync`;
}
