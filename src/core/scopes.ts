/** Tells whether a kind lives in namespaces; undefined for a kind that nobody knows. */
export type Scopes = (apiVersion: string, kind: string) => 'Namespaced' | 'Cluster' | undefined;
