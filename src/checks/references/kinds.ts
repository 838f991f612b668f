import { at, fields, items, list, scalar, text } from '../read';
import type { Collect } from './reference';

/** An object whose fields are read, and where its references go. */
export interface Source {
  readonly manifest: unknown;
  readonly namespace: string;
}

type Collector = (source: Source, collect: Collect) => void;

const claimTemplate: Collector = ({ manifest, namespace }, collect) => {
  collect('spec.serviceName', 'Service', at(manifest, 'spec', 'serviceName'), { namespace });
  for (const { value, path } of items(at(manifest, 'spec', 'volumeClaimTemplates'), 'spec.volumeClaimTemplates')) {
    collect(`${path}.spec.storageClassName`, 'StorageClass', at(value, 'spec', 'storageClassName'));
  }
};

const binding: Collector = ({ manifest, namespace }, collect) => {
  const role = fields(at(manifest, 'roleRef'));
  collect('roleRef.name', text(role.kind) ?? 'Role', role.name, role.kind === 'ClusterRole' ? {} : { namespace });
  for (const { value, path } of items(at(manifest, 'subjects'), 'subjects')) {
    if (value.kind !== 'ServiceAccount') continue;
    collect(`${path}.name`, 'ServiceAccount', value.name, {
      namespace: text(value.namespace) ?? namespace,
      needed: false,
    });
  }
};

const issuer: Collector = ({ manifest, namespace }, collect) => {
  const reference = fields(at(manifest, 'spec', 'issuerRef'));
  const kind = text(reference.kind) ?? 'Issuer';
  collect('spec.issuerRef.name', kind, reference.name, kind === 'Issuer' ? { namespace } : {});
};

const scaleTarget: Collector = ({ manifest, namespace }, collect) => {
  const target = fields(at(manifest, 'spec', 'scaleTargetRef'));
  collect('spec.scaleTargetRef.name', text(target.kind) ?? 'Deployment', target.name, { namespace });
};

const ingress: Collector = ({ manifest, namespace }, collect) => {
  const spec = fields(at(manifest, 'spec'));
  const backend = (value: unknown, path: string) => {
    const { name, port } = fields(at(value, 'service'));
    const wanted = at(port, 'number') ?? at(port, 'name');
    collect(`${path}.service.name`, 'Service', name, { namespace, ...portOf(wanted) });
  };
  collect('spec.ingressClassName', 'IngressClass', spec.ingressClassName);
  backend(spec.defaultBackend, 'spec.defaultBackend');
  for (const { value, path } of items(spec.tls, 'spec.tls'))
    collect(`${path}.secretName`, 'Secret', value.secretName, { namespace });
  for (const rule of items(spec.rules, 'spec.rules')) {
    for (const one of items(at(rule.value, 'http', 'paths'), `${rule.path}.http.paths`))
      backend(one.value.backend, `${one.path}.backend`);
  }
};

const route: Collector = ({ manifest, namespace }, collect) => {
  const spec = fields(at(manifest, 'spec'));
  const backend = (value: unknown, path: string) => {
    const { kind, name, namespace: other, port } = fields(value);
    if ((kind ?? 'Service') !== 'Service') return;
    collect(`${path}.name`, 'Service', name, { namespace: text(other) ?? namespace, ...portOf(port) });
  };
  for (const { value, path } of items(spec.parentRefs, 'spec.parentRefs')) {
    collect(`${path}.name`, text(value.kind) ?? 'Gateway', value.name, {
      namespace: text(value.namespace) ?? namespace,
    });
  }
  for (const rule of items(spec.rules, 'spec.rules')) {
    for (const one of items(rule.value.backendRefs, `${rule.path}.backendRefs`)) backend(one.value, one.path);
    for (const one of items(rule.value.filters, `${rule.path}.filters`)) {
      backend(at(one.value, 'requestMirror', 'backendRef'), `${one.path}.requestMirror.backendRef`);
    }
  }
};

const gateway: Collector = ({ manifest, namespace }, collect) => {
  collect('spec.gatewayClassName', 'GatewayClass', at(manifest, 'spec', 'gatewayClassName'));
  for (const listener of items(at(manifest, 'spec', 'listeners'), 'spec.listeners')) {
    for (const { value, path } of items(
      at(listener.value, 'tls', 'certificateRefs'),
      `${listener.path}.tls.certificateRefs`,
    )) {
      collect(`${path}.name`, text(value.kind) ?? 'Secret', value.name, {
        namespace: text(value.namespace) ?? namespace,
      });
    }
  }
};

const rollout: Collector = ({ manifest, namespace }, collect) => {
  const strategy = at(manifest, 'spec', 'strategy');
  for (const [type, key] of [
    ['blueGreen', 'activeService'],
    ['blueGreen', 'previewService'],
    ['canary', 'stableService'],
    ['canary', 'canaryService'],
  ] as const) {
    collect(`spec.strategy.${type}.${key}`, 'Service', at(strategy, type, key), { namespace });
  }
  for (const phase of ['prePromotionAnalysis', 'postPromotionAnalysis']) {
    const path = `spec.strategy.blueGreen.${phase}.templates`;
    for (const one of items(at(strategy, 'blueGreen', phase, 'templates'), path)) {
      const kind = one.value.clusterScope === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
      collect(
        `${one.path}.templateName`,
        kind,
        one.value.templateName,
        kind === 'AnalysisTemplate' ? { namespace } : {},
      );
    }
  }
  const workload = fields(at(manifest, 'spec', 'workloadRef'));
  collect('spec.workloadRef.name', text(workload.kind) ?? 'Deployment', workload.name, { namespace });
};

/** What submits workflows: a Sensor, an event binding. */
const submitted: Collector = ({ manifest, namespace }, collect) => {
  workflowReferences(at(manifest, 'spec'), 'spec', namespace, collect);
};

/** Collectors by kind; the fields in which objects of it name others. */
export const collectors: Readonly<Record<string, Collector>> = {
  StatefulSet: claimTemplate,
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  Certificate: issuer,
  HorizontalPodAutoscaler: scaleTarget,
  ScaledObject: scaleTarget,
  Ingress: ingress,
  HTTPRoute: route,
  GRPCRoute: route,
  BackendTLSPolicy: ({ manifest, namespace }, collect) => {
    for (const path of ['spec.targetRefs', 'spec.validation.caCertificateRefs']) {
      for (const one of items(at(manifest, ...path.split('.')), path)) {
        const kind = text(one.value.kind);
        if (kind) collect(`${one.path}.name`, kind, one.value.name, { namespace });
      }
    }
  },
  Gateway: gateway,
  Rollout: rollout,
  Sensor: submitted,
  WorkflowEventBinding: submitted,
  PersistentVolume: ({ manifest }, collect) => {
    const { name, namespace } = fields(at(manifest, 'spec', 'claimRef'));
    // The claim comes after its volume. One without a namespace is none: another rule's finding.
    if (text(namespace))
      collect('spec.claimRef.name', 'PersistentVolumeClaim', name, { namespace: scalar(namespace), needed: false });
  },
  PersistentVolumeClaim: ({ manifest }, collect) => {
    collect('spec.volumeName', 'PersistentVolume', at(manifest, 'spec', 'volumeName'));
    collect('spec.storageClassName', 'StorageClass', at(manifest, 'spec', 'storageClassName'));
  },
  ServiceAccount: ({ manifest, namespace }, collect) => {
    for (const { value, path } of items(at(manifest, 'imagePullSecrets'), 'imagePullSecrets')) {
      collect(`${path}.name`, 'Secret', value.name, { namespace, needed: false });
    }
  },
  ExternalSecret: ({ manifest, namespace }, collect) => {
    const { kind, name } = fields(at(manifest, 'spec', 'secretStoreRef'));
    const store = text(kind) ?? 'SecretStore';
    collect('spec.secretStoreRef.name', store, name, store === 'SecretStore' ? { namespace } : {});
  },
  Application: ({ manifest, namespace }, collect) => {
    collect('spec.project', 'AppProject', at(manifest, 'spec', 'project'), { namespace });
  },
  ValidatingAdmissionPolicyBinding: ({ manifest }, collect) => {
    collect('spec.policyName', 'ValidatingAdmissionPolicy', at(manifest, 'spec', 'policyName'));
  },
};

/** References of Argo Workflows to templates of other objects and to ConfigMaps, wherever they stand. */
export function workflowReferences(value: unknown, path: string, namespace: string, collect: Collect): void {
  if (Array.isArray(value)) {
    for (const [index, item] of list(value).entries())
      workflowReferences(item, `${path}[${index}]`, namespace, collect);
    return;
  }
  // A workflow within a Sensor may run in another namespace.
  const here = text(at(value, 'metadata', 'namespace')) ?? namespace;
  for (const [key, child] of Object.entries(fields(value))) {
    const field = `${path}.${key}`;
    if (key === 'templateRef' || key === 'workflowTemplateRef') {
      const { name, clusterScope } = fields(child);
      if (clusterScope === true) collect(`${field}.name`, 'ClusterWorkflowTemplate', name);
      else collect(`${field}.name`, 'WorkflowTemplate', name, { namespace: here });
    } else if (key === 'configMapKeyRef' && !path.includes('.env[')) {
      const { name, key: wanted, namespace: other, optional } = fields(child);
      const keys = text(wanted) ? [scalar(wanted)] : [];
      collect(`${field}.name`, 'ConfigMap', name, {
        namespace: text(other) ?? here,
        keys,
        optional: optional === true,
      });
    } else if (typeof child === 'object') {
      workflowReferences(child, field, here, collect);
    }
  }
}

function portOf(port: unknown): { port?: number | string } {
  return typeof port === 'number' || typeof port === 'string' ? { port } : {};
}
