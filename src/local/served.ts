import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from 'js-yaml';
import { type Git, gitIn } from '../promotion/git';
import { BRANCH, CLUSTER, type Places } from './places';

/** A version of a model as the rendered workload names it. */
export interface ServedVersion {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** Its folder on this machine. */
  readonly folder: string;
}

/** What of a Deployment or Rollout says what is served. */
interface Workload {
  readonly kind?: string;
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec?: {
        readonly containers?: readonly {
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
          readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
        readonly volumes?: readonly {
          readonly name: string;
          readonly persistentVolumeClaim?: { readonly claimName: string };
        }[];
      };
    };
  };
}

/** The commit at the end of the followed branch; undefined before there is one. */
export async function newestCommit(git: Git): Promise<string | undefined> {
  const listed = await git('for-each-ref', '--format=%(objectname)', `refs/heads/${BRANCH}`);
  return listed.trim() || undefined;
}

/** The version that a commit's rendered inference workload serves; undefined as long as none is pinned. */
export async function servedAt(git: Git, commit: string, places: Places): Promise<ServedVersion | undefined> {
  const folder = `dist/${CLUSTER}/inference/`;
  const files = (await git('ls-tree', '--name-only', commit, folder)).split('\n').filter(Boolean);
  const workload = files.find((file) => /\/(deployment|rollout)-[^/]+\.yaml$/.test(file));
  if (workload === undefined) return undefined;
  return readWorkload(load(await git('show', `${commit}:${workload}`)) as Workload, places);
}

/** The version that is pinned on this machine now; undefined when there is none. */
export async function servedNow(places: Places): Promise<ServedVersion | undefined> {
  const git = gitIn(places.platformRepository);
  const commit = await newestCommit(git);
  return commit === undefined ? undefined : servedAt(git, commit, places);
}

function readWorkload({ spec }: Workload, places: Places): ServedVersion | undefined {
  const template = spec?.template;
  const containers = template?.spec?.containers ?? [];
  const variable = (name: string) => containers.flatMap(({ env = [] }) => env).find((one) => one.name === name)?.value;
  const [directory, digest] = [variable('MODEL_DIRECTORY'), variable('MODEL_DIGEST')];
  const [name, version] = template?.metadata?.annotations?.['mlops/model']?.split('@') ?? [];
  if (!directory || !digest || !name || !version) return undefined;
  const mount = containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .find((one) => directory.startsWith(`${one.mountPath}/`));
  const volume = template?.spec?.volumes?.find((one) => one.name === mount?.name);
  const claim = volume?.persistentVolumeClaim?.claimName;
  if (!mount || !claim) return undefined;
  return { name, version, digest, folder: join(places.volume(claim), relative(mount.mountPath, directory)) };
}

/**
 * Digest of a version's folder, as pins name it; undefined when there is no such folder.
 * @see docs/model-contract.md, section 1
 */
export function folderDigest(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const files = readdirSync(folder).sort();
  return `sha256:${sha256(files.map((file) => `${sha256(readFileSync(join(folder, file)))}  ${file}\n`).join(''))}`;
}
