import { describe, expect, test } from '@jest/globals';
import { Service, type ServiceProps } from '../../../src/constructs/serving/service';
import { component, written } from '../component';

const minimal: ServiceProps = { name: 'api', selector: { app: 'api' }, ports: { http: 80 } };
const all: Required<ServiceProps> = { ...minimal, nodePorts: { http: 30500 }, switchedByRollout: true };

describe('Service', () => {
  test('minimal props: within the cluster only, to the port of the same name', () => {
    const scope = component();
    const service = new Service(scope, 'Service', minimal);
    const { metadata, spec } = written(scope, 'Service');
    expect(metadata).not.toHaveProperty('annotations');
    expect(spec.type).toBe('ClusterIP');
    expect(spec.ports).toEqual([{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }]);
    expect(service.port('http')).toBe(80);
    expect(() => service.port('grpc')).toThrow('Service api has no port grpc, only http');
  });

  test('all props', () => {
    const scope = component();
    new Service(scope, 'Service', all);
    const { metadata, spec } = written(scope, 'Service');
    expect(spec).toMatchObject({ type: 'NodePort', ports: [{ name: 'http', nodePort: 30500 }] });
    expect(metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-options': 'ServerSideApply=false' });
  });
});
