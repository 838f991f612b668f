import { at, items, text } from '../checks/read';
import type { Cluster } from '../core/cluster';
import type { ApiServer } from './api-server';
import { type Finding, read, type Section } from './finding';

/** Where the version of a program can be seen: in the image of the workload that it installs. */
const programs = {
  argoCd: { name: 'Argo CD', path: '/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller' },
  argoWorkflows: { name: 'Argo Workflows', path: '/apis/apps/v1/namespaces/argo/deployments/workflow-controller' },
} as const;

/** What runs is what the cluster's data says: a newer field would be refused or, worse, dropped. */
export async function verifyVersions(server: ApiServer, { name, versions }: Cluster): Promise<Section> {
  const findings: Finding[] = [];
  const compare = (key: keyof Cluster['versions'], program: string, running: string) => {
    const [live, stated] = [minorOf(running), versions[key]];
    if (live === stated) return;
    const where = `${name}.versions.${key}`;
    const fix = `set it to ${live}, the version that runs`;
    if (isOlder(live, stated)) {
      findings.push({
        severity: 'error',
        where,
        what: `${program} is older (${running} runs), so that newer fields would be refused or dropped`,
        got: stated,
        fix: `upgrade ${program}, or ${fix}`,
      });
    } else findings.push({ severity: 'warning', where, what: `${program} ${running} is newer`, got: stated, fix });
  };
  const { value, finding } = await read(server, '/version');
  if (finding) findings.push(finding);
  else compare('kubernetes', 'Kubernetes', text(at(value, 'gitVersion')) ?? '');
  for (const key of ['argoCd', 'argoWorkflows'] as const) {
    const program = programs[key];
    const { value: workload, finding: unknown } = await read(server, program.path);
    const [container] = items(at(workload, 'spec', 'template', 'spec', 'containers'), '');
    const version = /:(v?\d+\.\d+\.\d+)/.exec(text(container?.value.image) ?? '')?.[1];
    if (version) compare(key, program.name, version);
    else findings.push(unknown ?? unseen(`${name}.versions.${key}`, program));
  }
  return { name: 'versions', looked: 1 + Object.keys(programs).length, findings };
}

function unseen(where: string, { name, path }: (typeof programs)[keyof typeof programs]): Finding {
  return {
    severity: 'warning',
    where,
    what: `which ${name} runs cannot be seen: there is no ${path.split('/').slice(-4).join('/')} with a version`,
    fix: 'install it, or compare by hand where it runs elsewhere',
  };
}

/** `1.34` of `v1.34.1+k3s1`. */
function minorOf(version: string): string {
  return /\d+\.\d+/.exec(version)?.[0] ?? version;
}

function isOlder(one: string, other: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [one, other].map((it) =>
    it.split('.').map(Number),
  ) as [number[], number[]];
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
