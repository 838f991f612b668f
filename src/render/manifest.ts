import { parseYaml } from '../core/yaml';
import type { Manifest } from './model';

/** The object in a file; undefined when somebody wrote something else there. */
export function readManifest(content: string): Manifest | undefined {
  try {
    const value = parseYaml(content);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<Manifest>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}
