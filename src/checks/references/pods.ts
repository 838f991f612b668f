import type { PodTemplate } from '../pods';
import { at, type Fields, fields, items, text } from '../read';
import type { Collect } from './reference';

/** What a pod needs before it starts: identity, priority, volumes and the sources of its environment. */
export function podReferences({ own, path, namespace, containers }: PodTemplate, collect: Collect): void {
  specReferences(own, path, namespace, collect);
  collect(`${path}.priorityClassName`, 'PriorityClass', own.priorityClassName);
  collect(`${path}.runtimeClassName`, 'RuntimeClass', own.runtimeClassName);
  for (const container of containers) environmentReferences(container.fields, container.path, namespace, collect);
}

/** What the specification of a pod or of a workflow, whose pods inherit it, names. */
export function specReferences(spec: Fields, path: string, namespace: string, collect: Collect): void {
  collect(`${path}.serviceAccountName`, 'ServiceAccount', spec.serviceAccountName, { namespace });
  const executor = at(spec, 'executor', 'serviceAccountName');
  collect(`${path}.executor.serviceAccountName`, 'ServiceAccount', executor, { namespace });
  collect(`${path}.podPriorityClassName`, 'PriorityClass', spec.podPriorityClassName);
  for (const { value, path: field } of items(spec.imagePullSecrets, `${path}.imagePullSecrets`)) {
    collect(`${field}.name`, 'Secret', value.name, { namespace });
  }
  for (const { value, path: field } of items(spec.volumes, `${path}.volumes`)) {
    volumeReferences(value, field, namespace, collect);
  }
}

function volumeReferences(volume: Fields, path: string, namespace: string, collect: Collect): void {
  const claim = at(volume, 'persistentVolumeClaim', 'claimName');
  collect(`${path}.persistentVolumeClaim.claimName`, 'PersistentVolumeClaim', claim, { namespace });
  fileReferences(fields(volume.secret), 'secretName', 'Secret', `${path}.secret`, namespace, collect);
  fileReferences(fields(volume.configMap), 'name', 'ConfigMap', `${path}.configMap`, namespace, collect);
  for (const { value, path: field } of items(at(volume, 'projected', 'sources'), `${path}.projected.sources`)) {
    fileReferences(fields(value.secret), 'name', 'Secret', `${field}.secret`, namespace, collect);
    fileReferences(fields(value.configMap), 'name', 'ConfigMap', `${field}.configMap`, namespace, collect);
  }
}

function fileReferences(
  source: Fields,
  nameField: string,
  kind: string,
  path: string,
  namespace: string,
  collect: Collect,
): void {
  const keys = items(source.items, '').flatMap(({ value }) => text(value.key) ?? []);
  collect(`${path}.${nameField}`, kind, source[nameField], { namespace, keys, optional: source.optional === true });
}

function environmentReferences(container: Fields, path: string, namespace: string, collect: Collect): void {
  for (const { value, path: field } of items(container.env, `${path}.env`)) {
    for (const [source, kind] of [
      ['secretKeyRef', 'Secret'],
      ['configMapKeyRef', 'ConfigMap'],
    ] as const) {
      const reference = fields(at(value, 'valueFrom', source));
      const key = text(reference.key);
      collect(`${field}.valueFrom.${source}.name`, kind, reference.name, {
        namespace,
        keys: key ? [key] : [],
        optional: reference.optional === true,
      });
    }
  }
  for (const { value, path: field } of items(container.envFrom, `${path}.envFrom`)) {
    for (const [source, kind] of [
      ['secretRef', 'Secret'],
      ['configMapRef', 'ConfigMap'],
    ] as const) {
      const reference = fields(value[source]);
      collect(`${field}.${source}.name`, kind, reference.name, { namespace, optional: reference.optional === true });
    }
  }
}
