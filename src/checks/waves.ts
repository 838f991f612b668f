import type { RenderedObject } from '../render/model';
import { scalar } from './read';

const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** Position of an object in the order in which Argo CD applies a cluster: its Application's wave, then its own. */
export interface Position {
  readonly component: number;
  readonly object: number;
}

export function positionOf({ wave, manifest }: RenderedObject): Position {
  const own = Number(scalar(manifest.metadata.annotations?.[SYNC_WAVE]));
  return { component: wave, object: Number.isInteger(own) ? own : 0 };
}

/**
 * Whether one is applied after the other has become healthy. Applications of one wave come up side by side, so the
 * objects' own waves order only those of one component.
 */
export function isLater(one: RenderedObject, other: RenderedObject): boolean {
  const [a, b] = [positionOf(one), positionOf(other)];
  if (a.component !== b.component) return a.component > b.component;
  return one.component === other.component && a.object > b.object;
}

/** The position for people: `wave -30`, or `wave -30, 2 within it`. */
export function describePosition(object: RenderedObject): string {
  const { component, object: own } = positionOf(object);
  return own === 0 ? `wave ${component}` : `wave ${component}, ${own} within it`;
}
