import { dump, load } from 'js-yaml';

/**
 * One object as YAML that every reader takes the same way: strings quoted where YAML 1.1 or 1.2 would read something
 * else, no anchors, no folded lines. Keys come in the order of the value, which rendering has sorted.
 */
export function toYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}

/** @throws YAMLException with the line of the mistake */
export function parseYaml(text: string): unknown {
  return load(text);
}
