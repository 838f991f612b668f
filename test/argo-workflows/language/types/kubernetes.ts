import type { V1Affinity, V1Probe, V1Toleration, V1Volume } from '@kubernetes/client-node';
import type { Placement, Volume } from '../../../../src/argo-workflows/language';
import type { Affinity, Probe } from '../../../../src/argo-workflows/language/kubernetes';

/** The types of the Kubernetes client fit into those of the language. */
export const affinity = (given: V1Affinity): Affinity => given;
export const placement = (given: V1Toleration[]): Placement => ({ tolerations: given });
export const probe = (given: V1Probe): Probe => given;
export const volume = ({ name, ...source }: V1Volume): Volume => ({ name, source });
