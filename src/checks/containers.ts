import type { RenderedObject } from '../render/model';
import { type Fields, items, text } from './read';

/** `init` ends before the others begin; a `sidecar` starts before them and stays. */
export type ContainerRole = 'init' | 'sidecar' | 'main';

export interface PodContainer {
  readonly name: string;
  readonly role: ContainerRole;
  /** Path of the container in its object. */
  readonly path: string;
  readonly fields: Fields;
}

/** The pods that an object makes, whatever its kind. */
export interface PodTemplate {
  readonly object: RenderedObject;
  readonly namespace: string;
  /** Path of the pod's specification in the object, such as `spec.template.spec`. */
  readonly path: string;
  /** What the pod gets; for a template of Argo Workflows with what it inherits from the workflow. */
  readonly spec: Fields;
  /** What stands at `path` itself, without what is inherited. */
  readonly own: Fields;
  readonly labels: Readonly<Record<string, string>>;
  /** Keys of labels that a controller sets to values that are not known before. */
  readonly dynamicLabels: ReadonlySet<string>;
  readonly containers: readonly PodContainer[];
  /** `service`: runs until it is stopped; `task`: ends by itself; `workflow`: a template that runs when somebody asks. */
  readonly lifetime: 'service' | 'task' | 'workflow';
}

/** Containers of a list; an init container that always restarts is a sidecar. */
export function containersAt(value: unknown, path: string, role: ContainerRole): PodContainer[] {
  return items(value, path).map((item) => ({
    name: text(item.value.name) ?? item.path,
    role: role === 'init' && item.value.restartPolicy === 'Always' ? 'sidecar' : role,
    path: item.path,
    fields: item.value,
  }));
}
