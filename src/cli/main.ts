import { Command, CommanderError, Option } from 'commander';
import type { DeployOptions } from './deploy';
import type { DiffOptions } from './diff';
import type { ExplainOptions } from './explain';
import type { GraphOptions } from './graph';
import type { LockImagesOptions } from './images-lock';
import type { LoadCommandOptions } from './load';
import type { NewModelOptions } from './new-model';
import type { PromoteOptions } from './promote';
import { type ExitCode, runCommand } from './report';
import type { SchemasOptions } from './schemas';
import type { StartOptions } from './start';
import type { SynthOptions } from './synth';
import type { VerifyOptions } from './verify';
import type { WaitServedOptions } from './wait-served';
import type { WorkflowOptions } from './workflow/options';

/** The module of each command, loaded when it runs, so that none waits for what only others use. */
const commands = {
  deploy: (): typeof import('./deploy') => require('./deploy'),
  diff: (): typeof import('./diff') => require('./diff'),
  explain: (): typeof import('./explain') => require('./explain'),
  graph: (): typeof import('./graph') => require('./graph'),
  imagesLock: (): typeof import('./images-lock') => require('./images-lock'),
  load: (): typeof import('./load') => require('./load'),
  newModel: (): typeof import('./new-model') => require('./new-model'),
  promote: (): typeof import('./promote') => require('./promote'),
  reset: (): typeof import('./reset') => require('./reset'),
  schemas: (): typeof import('./schemas') => require('./schemas'),
  start: (): typeof import('./start') => require('./start'),
  synth: (): typeof import('./synth') => require('./synth'),
  verify: (): typeof import('./verify') => require('./verify'),
  waitServed: (): typeof import('./wait-served') => require('./wait-served'),
  workflow: (): typeof import('./workflow') => require('./workflow'),
} as const;

function run<Module>(load: () => Module, work: (module: Module) => Promise<ExitCode>): Promise<void> {
  const module = load();
  return runCommand(() => work(module));
}

const program = new Command('mlops')
  .description('Renders a machine-learning platform from typed constructs, and works with what it rendered.')
  .exitOverride()
  .showHelpAfterError();

program
  .command('synth')
  .description('render every cluster into dist/')
  .option('--check', 'write nothing; exit 1 when dist/ is not what the sources say')
  .option('--no-typecheck', 'do not check types beside rendering')
  .option('--allow-deletions', 'delete what holds data, or a large part of everything')
  .option('--json', 'print the result as JSON')
  .action((options: SynthOptions) => run(commands.synth, ({ synth }) => synth(options)));

program
  .command('diff')
  .description('show how what the sources render differs from dist/ at a Git ref, and what is dangerous about it')
  .option('--against <ref>', 'branch, tag or commit to compare with', 'HEAD')
  .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'markdown', 'json']).default('text'))
  .option('--json', 'the same as --format json')
  .action((options: DiffOptions) => run(commands.diff, ({ diff }) => diff(options)));

program
  .command('verify')
  .description('compare a live cluster with its data and with dist/, without changing anything')
  .requiredOption('--context <name>', 'kubeconfig context of the cluster')
  .option('--cluster <name>', 'cluster of src/clusters/ that it should be (default: the one named like the context)')
  .option('--json', 'print the result as JSON')
  .action((options: VerifyOptions) => run(commands.verify, ({ verifyCluster }) => verifyCluster(options)));

program
  .command('schemas')
  .description('renew schemas/ from an API server that serves every kind in src/checks/schemas/kinds.ts')
  .requiredOption('--context <name>', 'kubeconfig context of that API server')
  .action((options: SchemasOptions) => run(commands.schemas, ({ schemas }) => schemas(options)));

program
  .command('images-lock')
  .description('read the digest of every image from its registry into the lock files')
  .option('--registry <prefix>', 'only images whose repository begins with it, such as ghcr.io/you')
  .option('--pull-request', 'push a branch with dist/ for each cluster and open a pull request')
  .action((options: LockImagesOptions) => run(commands.imagesLock, ({ lockImages }) => lockImages(options)));

/** A command that changes a lock file by a commit. */
function promotion(parent: Command, name: string): Command {
  return parent
    .command(name)
    .option('--allow-worse', 'take it even when its metrics are worse than those of the served version')
    .option('--pull-request', 'push a branch and open a pull request in place of a commit')
    .option('--local', 'in the loop of "npm start" on this machine, not in this checkout')
    .option('--approved-by <who>', 'who approved it, for the history')
    .option('--workflow-run <name>', 'run of a pipeline that asked for it, for the history');
}

const promote = program.command('promote').description('change what a cluster runs, by a commit');

promotion(promote, 'model')
  .description('make a cluster serve a version of a model, such as sentiment@v1.2.0')
  .argument('<version>')
  .requiredOption('--to <cluster>')
  .action((version: string, options: PromoteOptions & { to: string }) =>
    run(commands.promote, ({ promoteModel }) => promoteModel(version, options.to, options)),
  );
for (const kind of ['images', 'models'] as const) {
  promotion(promote, kind)
    .description(`take all ${kind} of another cluster`)
    .requiredOption('--from <cluster>')
    .requiredOption('--to <cluster>')
    .action((options: PromoteOptions & { from: string; to: string }) =>
      run(commands.promote, ({ promoteLockFile }) => promoteLockFile(kind, options.from, options.to, options)),
    );
}

promotion(program.command('rollback').description('go back to what a cluster ran before, by a commit'), 'model')
  .description('make a cluster serve the version before the current one')
  .argument('<name>')
  .requiredOption('--in <cluster>')
  .action((name: string, options: PromoteOptions & { in: string }) =>
    run(commands.promote, ({ rollbackModel }) => rollbackModel(name, options.in, options)),
  );

program
  .command('start')
  .description('run the whole loop on this machine: train, test, promote, serve, and follow what is promoted')
  .option('--port <number>', 'of the page; the API and the test of a model take the two after it', '8080')
  .option('--dataset <path>', 'labelled reviews: the Kaggle CSV, or a folder or archive like aclImdb')
  .action((options: StartOptions) => run(commands.start, ({ start }) => start(options)));

program
  .command('new-model')
  .description('write what a new model takes: its parameters, its test, and where it has one its program')
  .argument('<name>', 'such as ticket-priority')
  .addOption(
    new Option('--kind <kind>', "judges texts by the platform's programs, or by its own a table; or goes on with texts")
      .choices(['text', 'tabular', 'generation'])
      .default('text'),
  )
  .action((name: string, options: NewModelOptions) =>
    run(commands.newModel, ({ newModel }) => newModel(name, options)),
  );

program
  .command('reset')
  .description('forget all that start has made on this machine')
  .action(() => run(commands.reset, ({ reset }) => reset()));

program
  .command('deploy')
  .description('clone the platform repository, run a command of this program there and push its commit')
  .argument('<command...>', 'the command, after --: promote model sentiment@v1.2.0 --to homelab')
  .requiredOption('--repository <url>')
  .option('--branch <name>', 'branch that Argo CD watches', 'main')
  .option('--key-file <path>', 'private key that may push')
  .option('--known-hosts-file <path>', 'host keys of the Git server')
  .option('--pull-request', 'push a branch of its own and ask to merge it')
  .option('--token-file <path>', 'token that may open pull requests on GitHub')
  .option('--work-folder <path>', 'where to clone')
  .action((command: string[], options: DeployOptions) =>
    run(commands.deploy, ({ deploy }) => deploy(command, options)),
  );

program
  .command('wait-served')
  .description('wait until an inference API serves a version of a model')
  .argument('<url>', 'of the API, such as http://inference.inference.svc.cluster.local')
  .requiredOption('--version <version>', 'such as v1.2.0')
  .requiredOption('--digest <digest>', 'sha256:... of the version')
  .option('--timeout <seconds>', 'how long', '1200')
  .action((url: string, options: WaitServedOptions) =>
    run(commands.waitServed, ({ waitServed }) => waitServed(url, options)),
  );

const repeated = (flags: string, text: string) =>
  new Option(flags, text).argParser((value: string, before: string[]) => [...before, value]).default([], 'none');

program
  .command('workflow')
  .description('run a synthesized workflow on this machine, without a cluster')
  .argument('<name>', 'of the workflow in dist/, or a file that holds one')
  .addOption(
    repeated('-p, --parameter <name=value>', 'value of a parameter; may be repeated, as may all with <...=...>'),
  )
  .option('--cluster <name>', 'whose dist/ it is taken from', 'laptop')
  .option('--local', 'in the loop of "npm start": its dist/, with its programs and folders')
  .addOption(
    new Option(
      '--executor <kind>',
      'mock runs nothing, on a virtual clock; process runs the programs of this machine, docker its images with docker or podman',
    )
      .choices(['mock', 'process', 'docker'])
      .default('mock'),
  )
  .addOption(repeated('--fail <step[:attempts]>', 'let the first attempts of a step fail, or all of them'))
  .addOption(repeated('--skip <step>', 'leave a step out, as if its condition were false'))
  .addOption(repeated('--answer <template[.question]=value>', 'what a person answers to a suspended step'))
  .addOption(repeated('--volume <claim=folder>', 'folder that stands for a claim'))
  .addOption(repeated('--secret <name=folder>', 'folder that stands for a Secret: one file for each key'))
  .option('--folder <path>', 'where logs and files of the run go (default: .local/runs/<run>)')
  .option('--junit <file>', 'write a JUnit report')
  .option('--json', 'print the result as JSON')
  .action((name: string, options: WorkflowOptions) =>
    run(commands.workflow, ({ runWorkflowHere }) => runWorkflowHere(name, options)),
  );

program
  .command('explain')
  .description('tell where an object of dist/ comes from, and what it has to do with others')
  .argument('<target>', 'file of dist/, or KIND/NAME')
  .option('--cluster <name>', 'only objects of this cluster')
  .option('--json', 'print all that match as JSON')
  .action((target: string, options: ExplainOptions) =>
    run(commands.explain, ({ explain }) => explain(target, options)),
  );

program
  .command('graph')
  .description('draw components, waves and permitted connections of every cluster into docs/platform.md')
  .option('--check', 'write nothing; exit 1 when the page is not what the sources say')
  .action((options: GraphOptions) => run(commands.graph, ({ graph }) => graph(options)));

program
  .command('load')
  .description('send predictions to an inference API at a bounded rate, and count how they end')
  .argument('<url>', 'such as https://api.laptop.internal/predict')
  .option('--rate <number>', 'requests each second over connections that are used again', '100')
  .option('--fresh-rate <number>', 'requests each second over a new connection each', '10')
  .option('--requests <number>', 'how many to send', '10000')
  .option('--address <ip>', 'connect there in place of what the host resolves to')
  .option('--authority <file>', "certificate of the authority that signed the server's")
  .option('--json', 'print the result as JSON')
  .action((url: string, options: LoadCommandOptions) =>
    run(commands.load, ({ loadCommand }) => loadCommand(url, options)),
  );

/**
 * Runs the command that the parameters of this process name.
 *
 * @throws what a source throws that cannot be loaded; everything else is told, and is the exit code
 */
export async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said what is wrong; asking for help is no mistake.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}
