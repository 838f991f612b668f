// Shows that Argo CD undoes what people do by hand, and leaves alone what the autoscaler owns. For a cluster with the
// platform and a pinned model; KUBECONFIG says which. Usage: npm run demo:self-heal
import pc from 'picocolors';
import { get, kubectl, type LiveObject, waitFor } from '../kubectl';

const SECONDS = 30;
const COMPARISONS = 3;
const USER_INTERFACE = { namespace: 'inference-ui', name: 'inference-ui' };
const INFERENCE = { namespace: 'inference', name: 'inference' };

interface Workload {
  readonly namespace: string;
  readonly name: string;
}

/** A Deployment, or a Rollout where the strategy is blue-green. */
async function workload({ namespace, name }: Workload): Promise<LiveObject> {
  for (const kind of ['deployment', 'rollout']) {
    const [found] = await get(kind, name, '--namespace', namespace).catch(() => []);
    if (found) return found;
  }
  throw new Error(`${namespace}/${name} is not there; bring the platform up and promote a model first`);
}

async function scale(one: Workload, replicas: number): Promise<void> {
  const { kind } = await workload(one);
  const patch = JSON.stringify({ spec: { replicas } });
  await kubectl(['patch', kind, one.name, '--namespace', one.namespace, '--type', 'merge', '--patch', patch]);
}

async function applicationOf(component: string): Promise<LiveObject> {
  const all = await get('applications.argoproj.io', '--namespace', 'argocd');
  const found = all.find(({ metadata, spec }) => metadata.name.endsWith(`-${component}`) && spec.source.path);
  if (!found) throw new Error(`Argo CD has no Application of the component ${component}`);
  return found;
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function undoes(): Promise<void> {
  const { spec } = await workload(USER_INTERFACE);
  const wanted: number = spec.replicas;
  tell(
    `${pc.bold('1.')} Git says ${wanted} replica${wanted === 1 ? '' : 's'} of the UI. Somebody asks for ${wanted + 2}.`,
  );
  const begin = performance.now();
  await scale(USER_INTERFACE, wanted + 2);
  let last = 0;
  await waitFor('Argo CD brings the UI back to what Git says', SECONDS, async () => {
    const { spec: now } = await workload(USER_INTERFACE);
    if (now.replicas !== last) {
      last = now.replicas;
      tell(`   ${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s  ${last} replicas asked for`);
    }
    return now.replicas === wanted ? true : undefined;
  });
  tell(`   ${pc.green('undone')} within ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

async function leavesAlone(): Promise<void> {
  const before = await applicationOf('inference');
  const { spec } = await workload(INFERENCE);
  const other: number = spec.replicas + 1;
  tell(
    `${pc.bold('2.')} Replicas of the API belong to its autoscaler. Another number, ${other}, is no difference from Git.`,
  );
  await scale(INFERENCE, other);
  for (let comparison = 0; comparison < COMPARISONS; comparison++) {
    const { metadata, status } = await applicationOf('inference');
    const look = ['annotate', 'application', metadata.name, '--namespace', 'argocd', '--overwrite'];
    await kubectl([...look, 'argocd.argoproj.io/refresh=normal']);
    await waitFor('Argo CD compares the API with Git', 60, async () => {
      const { status: now } = await applicationOf('inference');
      if (now.sync.status !== 'Synced') throw new Error(`the Application is ${now.sync.status}`);
      return now.reconciledAt === status.reconciledAt ? undefined : true;
    });
  }
  const after = await applicationOf('inference');
  if (after.status.history.length !== before.status.history.length) throw new Error('Argo CD synced the API');
  tell(`   ${pc.green('left alone')}: compared ${COMPARISONS} times, Synced, nothing applied`);
}

async function main(): Promise<void> {
  if (!process.env.KUBECONFIG) throw new Error('KUBECONFIG names no cluster');
  await undoes();
  await leavesAlone();
}

main().catch((error: Error) => {
  tell(`${pc.red('error:')} ${error.message}`);
  process.exitCode = 1;
});
