import pc from 'picocolors';
import { clusters } from '../clusters';
import { loadClusters, servingEnvironment } from '../core/cluster';
import { InvalidInput } from '../core/problem';
import { chooseDataset } from '../local/dataset';
import type { ModelPrograms } from '../local/environments';
import { runPipeline, serveFirstVersion } from '../local/first-run';
import { type Follower, followBranch } from '../local/follow';
import { CLUSTER, placesIn } from '../local/places';
import { type Checkout, readCheckout } from '../local/platform-repository';
import { checkMachine, type Loop, prepare } from '../local/prepare';
import { createProgress } from '../local/progress';
import { asOnlyLoop, forgetRunning, writeRunning } from '../local/running';
import { type ServedVersion, servedNow } from '../local/served';
import { type Ports, portsFrom, startServers, untilAnswered, urlOf } from '../local/servers';
import { GitFailure } from '../promotion/git';
import { root } from './project';
import { type ExitCode, say, sayProblems } from './report';

export interface StartOptions {
  /** Port of the page; the API has the next one. */
  readonly port: string;
  /** Labelled reviews: the Kaggle CSV, or a folder or archive like aclImdb. @default - made-up ones */
  readonly dataset?: string;
}

/**
 * Runs the whole loop on this machine until it is stopped: trains, tests and promotes a first version, serves it, and
 * follows what is promoted from then on. What was done before is not done again.
 */
export async function start(options: StartOptions): Promise<ExitCode> {
  const places = placesIn(root);
  return asOnlyLoop(places, async () => {
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
    forgetRunning(places);
    try {
      const checkout = await readCheckout(root);
      const dataset = chooseDataset(places, options.dataset);
      const ports = readPort(options.port);
      const model = readModel();
      return await run({ places, checkout, dataset, model, ports, progress: createProgress(), stopping });
    } catch (error) {
      if (!stopping.signal.aborted || error instanceof InvalidInput) throw asProblem(error);
      say('stopped before it was ready; "npm start" goes on from there');
      return 1;
    } finally {
      stopping.abort();
      forgetRunning(places);
    }
  });
}

/** What trains and serves the model of the cluster that this machine stands for. */
function readModel(): ModelPrograms {
  const found = loadClusters(clusters).find(({ name }) => name === CLUSTER);
  if (!found) {
    const fix = `bring it back: its manifests are what runs here`;
    throw new InvalidInput([{ where: 'src/clusters/index.ts', what: `has no cluster ${CLUSTER}`, fix }]);
  }
  const { program } = found.inference;
  return { training: found.pipelines.training, serving: { ...program, environment: servingEnvironment(program) } };
}

/** What Git refuses is a matter of the machine: a full disk, a damaged repository. */
function asProblem(error: unknown): unknown {
  if (!(error instanceof GitFailure)) return error;
  const what = `failed: ${error.output.trim().split('\n').at(-1)}`;
  return new InvalidInput([{ where: `git ${error.args.join(' ')}`, what, fix: 'mend it, or run "npm run reset"' }]);
}

function readPort(text: string): Ports {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_533) return portsFrom(port);
  throw new InvalidInput([{ where: '--port', what: 'is no port', got: text, fix: 'write a number from 1 to 65533' }]);
}

async function run(loop: Loop): Promise<ExitCode> {
  const { places, checkout, ports, progress, stopping } = loop;
  const { signal } = stopping;
  const python = await checkMachine(loop);
  sayUncommitted(checkout);
  await prepare(loop, python);

  const servers = await progress.step('servers', () => startServers(places, loop.model.serving, ports, signal));
  const following = followBranch(places, tellServed, signal);
  const live = Promise.race([servers.ended, following]);
  try {
    const ready = bringIntoService(loop).then(() => untilAnswered(`${urlOf(ports.api)}/ready`, signal));
    await Promise.race([live, ready]);
    signal.throwIfAborted();
    writeRunning(places, { process: process.pid, ports });
    sayReady(ports, await servedNow(places));
    await live;
    say('stopped');
    return 0;
  } finally {
    stopping.abort();
    await Promise.allSettled([servers.ended, following]);
  }
}

/** A first version, when none is served yet. */
async function bringIntoService({ places, checkout, dataset, progress, stopping }: Loop): Promise<void> {
  if (await servedNow(places)) return;
  const { signal } = stopping;
  await serveFirstVersion(dataset.source === undefined, (name, parameters) =>
    progress.step(name, (note) =>
      runPipeline(places, {
        name,
        parameters,
        revision: checkout.commit,
        signal,
        onEvent: (event) =>
          event.type === 'started' && event.node.kind === 'Pod' && note(withoutAttempt(event.node.displayName)),
      }),
    ),
  );
}

/** `train(0)` is the first attempt at `train`. */
function withoutAttempt(name: string): string {
  return name.replace(/\(\d+\)$/, '');
}

const tellServed: Follower = {
  served: ({ name, version, digest }) => say(pc.dim(`serves ${name} ${version} (${digest.slice(0, 19)})`)),
  failed: ({ name, version }, { problems }) => {
    say(`${name} ${version} is pinned, and cannot be served; the version before stays`);
    sayProblems('warning', problems);
  },
};

function sayUncommitted({ uncommitted }: Checkout): void {
  if (uncommitted.length === 0) return;
  const shown = uncommitted.slice(0, 5).join(', ');
  const more = uncommitted.length > 5 ? ` and ${uncommitted.length - 5} more` : '';
  say(`${pc.yellow('warning:')} not committed, so no part of what is rendered: ${shown}${more}`);
}

function sayReady(ports: Ports, served: ServedVersion | undefined): void {
  const { name = 'sentiment', version = '' } = served ?? {};
  const rows = [
    ['page', urlOf(ports.page)],
    ['API', `${urlOf(ports.api)}/openapi.json`],
    ['serves', `${name} ${version}`],
  ];
  say(`\n${pc.bold('Ready.')}`);
  for (const [key = '', value] of rows) say(`  ${key.padEnd(8)}${value}`);
  say('\nIn another terminal, to train another version, serve it, and go back:');
  say('  npm run workflow -- train-new-model-version --local');
  say(`  npm run promote -- model ${name}@v0.2.0 --to ${CLUSTER} --local`);
  say(`  npm run rollback -- model ${name} --in ${CLUSTER} --local`);
  say('\nCtrl-C stops it; "npm run reset" forgets everything.');
}
