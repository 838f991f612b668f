import { z } from 'zod';
import {
  absolutePath,
  bytes,
  checked,
  cidr,
  dnsLabel,
  dnsSubdomain,
  httpUrl,
  matches,
  relativePath,
  secretKey,
} from './values';

/** A directory of one node. It must exist there: Kubernetes does not make it. */
export const localVolume = z.strictObject({
  type: z.literal('local'),
  /** The node whose disk it is; pods that mount it run there. */
  node: z.string(),
  path: absolutePath,
  size: bytes,
});

/** A directory that an NFS server exports. */
export const nfsVolume = z.strictObject({
  type: z.literal('nfs'),
  /** The node that serves it, by its name. */
  server: z.string(),
  path: absolutePath,
  size: bytes,
});

/** Space that a StorageClass of the cluster provisions. */
export const provisionedVolume = z.strictObject({
  type: z.literal('class'),
  /** Name of a StorageClass that the cluster comes with. */
  storageClass: dnsSubdomain,
  size: bytes,
});

/** A folder that several namespaces mount: each gets a static volume of its own on the same directory. */
const sharedVolume = z.discriminatedUnion('type', [localVolume, nfsVolume]);

export const storage = z.strictObject({
  /** Blobs of the private image registry. Only it mounts them. */
  registry: z.discriminatedUnion('type', [localVolume, provisionedVolume]),
  /** Per-run folders of the training pipelines; not used where there is an artifact store. */
  training: sharedVolume,
  /** The DVC remote: weights of all model versions, by content. */
  dvc: sharedVolume,
  /** Immutable folders of the model versions that may be served. */
  models: sharedVolume,
});

/** Where the labelled reviews come from. */
export const dataset = z.discriminatedUnion('from', [
  z.strictObject({
    /** A folder that already holds them, mounted read-only. */
    from: z.literal('volume'),
    volume: sharedVolume,
    /**
     * File in the folder, CSV or JSONL.
     * @default - the folder is a tree like aclImdb
     */
    file: relativePath.optional(),
  }),
  z.strictObject({
    /** A revision of the model repository, pulled from the DVC remote. */
    from: z.literal('dvc'),
    revision: z.string().min(1),
    /** File or folder in the repository. */
    path: relativePath,
  }),
  z.strictObject({
    /** A file that the fetch step downloads. */
    from: z.literal('url'),
    url: httpUrl,
    /**
     * Networks that the fetch step may reach for it.
     * @default - every public network
     */
    networks: z.array(cidr).optional(),
  }),
]);

/** Where the value of a Secret comes from. It is never in Git in the clear. */
export const secretSource = z.discriminatedUnion('from', [
  z.strictObject({
    /** Somebody creates it once; it is listed in `dist/<cluster>/bootstrap/README.md`. */
    from: z.literal('existing'),
  }),
  z.strictObject({
    /** A SealedSecret, which only the cluster's controller can open. */
    from: z.literal('sealed'),
    /** Output of `kubeseal`, by key. */
    encryptedData: z.record(secretKey, z.string().min(1)),
  }),
  z.strictObject({
    /** An ExternalSecret, read from a store by the External Secrets operator. */
    from: z.literal('external'),
    store: z.strictObject({ kind: z.enum(['SecretStore', 'ClusterSecretStore']), name: dnsSubdomain }),
    /** Path in the store, by key of the Secret. */
    paths: z.record(secretKey, z.string().min(1)),
  }),
]);

/** A TLS certificate: a Secret, or one that cert-manager generates in the cluster. */
export const certificateSource = z.discriminatedUnion('from', [
  ...secretSource.options,
  z.strictObject({
    /** cert-manager issues and renews it. */
    from: z.literal('generated'),
    issuer: z.strictObject({ kind: z.enum(['Issuer', 'ClusterIssuer']), name: dnsLabel }),
  }),
]);

/** An S3 compatible object store. */
export const artifactStore = z.strictObject({
  /** Host, and port where it is not 443 with TLS or 80 without. */
  endpoint: checked(
    matches(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/, 'is not a host with or without a port'),
    'write a host such as s3.example.org, or s3.example.org:9000',
  ),
  /** Whether its certificate is one that the images of Argo Workflows trust; without TLS files travel in the clear. */
  tls: z.boolean(),
  /** Give it a rule that expires objects: nothing else removes what the runs leave. */
  bucket: checked(
    matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket'),
    'use 3 to 63 lower-case letters, digits, "." and "-"',
  ),
  /** Keys `accessKey` and `secretKey`. */
  credentials: secretSource,
  /**
   * Networks in which it is; for one inside the cluster that of the pods.
   * @default - every public network
   */
  networks: z.array(cidr).min(1).optional(),
});

/** The DVC remote of model versions where pods read it over the network: an S3 bucket, or a server that speaks S3. */
export const modelRemote = z.strictObject({
  /** Bucket and path, as `dvc remote add` takes them. */
  url: checked(
    matches(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./-]*)?$/, 'is not a bucket with a path'),
    'write a URL such as s3://models/dvc',
  ),
  /** @default - that of AWS */
  endpoint: httpUrl.optional(),
  /** Key `credentials`: a file as `~/.aws/credentials`, of a user that may only read. */
  credentials: secretSource,
  /**
   * Networks in which it is.
   * @default - every public network
   */
  networks: z.array(cidr).min(1).optional(),
});

export type LocalVolume = z.output<typeof localVolume>;
export type NfsVolume = z.output<typeof nfsVolume>;
export type ProvisionedVolume = z.output<typeof provisionedVolume>;
export type VolumeSource = LocalVolume | NfsVolume | ProvisionedVolume;
export type Dataset = z.output<typeof dataset>;
export type ArtifactStore = z.output<typeof artifactStore>;
export type SecretSource = z.output<typeof secretSource>;
export type CertificateSource = z.output<typeof certificateSource>;
export type ModelRemote = z.output<typeof modelRemote>;
