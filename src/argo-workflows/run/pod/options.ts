/** What steps find on this machine in place of a cluster. */
export interface PodOptions {
  /** A folder for this run: logs, artifacts, and the files of each step. It is made when it is missing. */
  readonly folder: string;
  /** Folders that stand for PersistentVolumeClaims, by the name of the claim. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Folders that stand for Secrets, by their name: one file for each key. */
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * Seconds between SIGTERM and SIGKILL.
   *
   * @default 10
   */
  readonly graceSeconds?: number;
}
