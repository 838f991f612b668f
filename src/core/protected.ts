/**
 * Annotations of objects that hold or frame data: Argo CD neither prunes them nor deletes them with their Application.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources
 */
export const keepOnDeletion = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } as const;
