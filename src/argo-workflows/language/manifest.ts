import type { Wire } from './template';

/** An object of the wire format. */
export interface Manifest {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Wire;
}

/** An object of the wire format, made of plain data that nothing else holds. */
export function manifest(
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>> | undefined,
  annotations: Readonly<Record<string, string>>,
  spec: Wire,
): Manifest {
  const metadata = {
    name,
    ...(labels === undefined ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  return JSON.parse(JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata, spec }));
}
