import { at, type Fields, fields, items, scalar, text } from '../checks/read';
import { type Cluster, nodeLabels } from '../core/cluster';
import { parseQuantity, quantity } from '../core/quantity';
import type { ApiServer } from './api-server';
import { type Finding, read, type Section } from './finding';

/** The machines are there, ready, and what the cluster's data says of them. */
export async function verifyNodes(server: ApiServer, cluster: Cluster): Promise<Section> {
  const { value, finding } = await read(server, '/api/v1/nodes');
  if (finding) return { name: 'nodes', looked: 0, findings: [finding] };
  const live = new Map(
    items(at(value, 'items'), '').map(({ value: node }) => [text(at(node, 'metadata', 'name')) ?? '', node]),
  );
  const stated = Object.keys(cluster.nodes);
  const findings = stated.flatMap((name) => nodeFindings(cluster, name, live.get(name)));
  for (const name of live.keys()) {
    if (stated.includes(name)) continue;
    findings.push({
      severity: 'warning',
      where: `Node ${name}`,
      what: `is not among ${cluster.name}.nodes, though pods may run on it`,
      fix: 'describe it there, or keep pods off it with a taint',
    });
  }
  return { name: 'nodes', looked: new Set([...stated, ...live.keys()]).size, findings };
}

function nodeFindings(cluster: Cluster, name: string, node: Fields | undefined): Finding[] {
  const where = `Node ${name}`;
  const stated = cluster.nodes[name];
  if (!stated) return [];
  const path = `${cluster.name}.nodes.${name}`;
  if (!node) {
    const fix = `join the machine, or remove ${path}`;
    return [{ severity: 'error', where, what: 'is not in the cluster', fix }];
  }
  const findings: Finding[] = [];
  const find = (severity: Finding['severity'], what: string, fix: string, got?: unknown) =>
    findings.push({ severity, where, what, ...(got !== undefined && { got }), fix });

  const ready = items(at(node, 'status', 'conditions'), '').find(({ value }) => value.type === 'Ready')?.value;
  if (ready?.status !== 'True')
    find('error', 'is not ready', `ask why: kubectl describe node ${name}`, ready?.message ?? ready?.status);
  if (at(node, 'spec', 'unschedulable') === true)
    find('warning', 'takes no new pods', `let it: kubectl uncordon ${name}`);

  const labels = fields(at(node, 'metadata', 'labels'));
  for (const [key, label] of Object.entries(nodeLabels(cluster, name))) {
    if (labels[key] === label) continue;
    const fix = `kubectl label node ${name} ${key}=${label} --overwrite`;
    find('error', `has not the label ${key}=${label}, which placements and volumes go by`, fix, labels[key]);
  }

  const addresses = items(at(node, 'status', 'addresses'), '').flatMap(({ value }) =>
    value.type === 'InternalIP' ? [scalar(value.address)] : [],
  );
  if (!addresses.includes(stated.address))
    find('error', `has not the address ${stated.address}`, `set ${path}.address`, addresses.join(', ') || undefined);

  const { cpu, memory, ephemeralStorage, accelerators = {} } = stated.capacity;
  const capacity = { cpu, memory, 'ephemeral-storage': ephemeralStorage, ...accelerators };
  for (const [resource, amount] of Object.entries(capacity)) {
    const allocatable = scalar(at(node, 'status', 'allocatable', resource));
    if ((parseQuantity(allocatable) ?? 0) >= quantity(amount)) continue;
    const fix = `set ${path}.capacity to what "kubectl describe node ${name}" shows under Allocatable`;
    find('error', `has less ${resource} than the ${amount} that capacities are counted with`, fix, allocatable || '0');
  }
  return findings;
}
