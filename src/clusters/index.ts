import type { ClusterData } from '../core/cluster';
import { homelab } from './homelab';
import { laptop } from './laptop';

/** Every cluster that `synth` renders. A new one is a file of its own and a line here. */
export const clusters: readonly ClusterData[] = [homelab, laptop];
