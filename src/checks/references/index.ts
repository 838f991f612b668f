import type { RenderedObject } from '../../render/model';
import { workflowSpec } from '../argo-pods';
import type { CheckContext } from '../check';
import { perContext } from '../per-context';
import { podTemplates } from '../pods';
import { fields, isExpression, text } from '../read';
import { collectors, workflowReferences } from './kinds';
import { podReferences, specReferences } from './pods';
import type { Collect, ObjectReference } from './reference';

export type { ObjectReference } from './reference';

/** Every place where one rendered object names another one. */
export const references = perContext((context: CheckContext): readonly ObjectReference[] => {
  const found: ObjectReference[] = [];
  const into =
    (object: RenderedObject): Collect =>
    (field, kind, name, more) => {
      const known = text(name);
      // A template of the whole cluster names what is in the namespace of each run.
      if (object.manifest.kind === 'ClusterWorkflowTemplate' && more?.namespace === '') return;
      if (known && !isExpression(known)) found.push({ object, field, kind, name: known, needed: true, ...more });
    };
  for (const object of context.objects) {
    const namespace = object.manifest.metadata.namespace ?? '';
    const workflow = workflowSpec(object);
    if (workflow) {
      const { spec, path } = workflow;
      workflowReferences(spec, path, namespace, into(object));
      specReferences(spec, path, namespace, into(object));
      specReferences(fields(spec.templateDefaults), `${path}.templateDefaults`, namespace, into(object));
    }
    const { kind } = object.manifest;
    const collector = Object.hasOwn(collectors, kind) ? collectors[kind] : undefined;
    collector?.({ manifest: object.manifest, namespace }, into(object));
  }
  for (const pod of podTemplates(context)) podReferences(pod, into(pod.object));
  return found;
});
