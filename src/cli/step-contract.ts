import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homelab } from '../clusters/homelab';
import type { ClusterData } from '../core/cluster';
import { type Manifest, objectsOf } from '../render/model';
import { root } from './project';
import { render } from './render';

/** Where the contract of the steps is written, below the root of the project. */
export const STEP_CONTRACT_PAGE = join('docs', 'step-contract.md');

interface Port {
  readonly name: string;
  readonly valueFrom?: { readonly path?: string };
}

/** The parts of a workflow's template that a program sees. */
interface Step {
  readonly name: string;
  readonly inputs?: { readonly parameters?: readonly Port[] };
  readonly outputs?: { readonly parameters?: readonly Port[] };
  readonly container?: {
    readonly image: string;
    readonly command: readonly string[];
    readonly args?: readonly string[];
    readonly env?: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts?: readonly { readonly mountPath: string; readonly readOnly?: boolean }[];
  };
}

/** A cluster that has every step of its own; what they run is theirs, what they get is the same everywhere. */
const withOwnSteps: ClusterData = {
  ...homelab,
  images: { ...homelab.images, own: { repository: 'own', tag: '1.0.0' } },
  pipelines: {
    ...homelab.pipelines,
    steps: Object.fromEntries(
      ['prepare', 'validate', 'export'].map((name) => [name, { image: 'own', argv: ['<argv>'] }]),
    ),
  },
};

const HEADER = ['step', 'pipelines', 'image', 'argv', 'environment', 'inputs', 'outputs', 'folders'] as const;

/** The page that says what each step runs. */
export function stepContractPage(): string {
  return `<!-- Generated from the rendered workflow templates of homelab; run "npm run docs". -->

# Step contract

What the pipelines run, and what the images have to offer. \`<name>\` stands for the value of an input. Each output is a
file that the program writes below \`/results\`, one value in each. Folders are writable unless they say otherwise; the
root file system is not, and \`/tmp\` is empty at the start.

Every program ends with 0 when it is done, 1 for invalid input or when it refuses, 2 for wrong usage, 70 for a defect of
its own. Training and versioning are tried again after 137 and 143, which mean that the pod was killed; nothing is tried
again after 1, 2 or 70. The inference server ends with 0 after SIGTERM.

\`probe\` writes what it asked and got as JSON (\`report\`) and as JUnit XML (\`junit\`), with accuracy and latency; both are
outputs of the run.

${stepTable(renderedTemplates(homelab))}

## Steps of a cluster's own

\`pipelines.steps\` in a cluster's file names programs that only it has, by an image of its lock file. They reach no other
host and get no arguments but those in \`argv\`, in which Kubernetes replaces \`$(DATA)\` and the like. Exit codes are those
above; a change of \`prepare\` or \`export\` makes new versions of the same data.

- \`prepare\` reads the folder \`FETCHED\` and makes the folder \`DATA\`, both with \`train.jsonl\`, \`test.jsonl\` and
  \`dataset.json\`, whose \`sha256\` is what \`sha256sum test.jsonl train.jsonl | sha256sum\` prints.
- \`validate\` reads the folder \`DATA\` and ends with 1 when nothing is to be trained on it.
- \`export\` adds files to the model in the folder \`MODEL\`, which has passed the gate; they become part of the version.

${stepTable(renderedTemplates(withOwnSteps), (step) => Object.hasOwn(withOwnSteps.pipelines.steps ?? {}, step))}

## Where an artifact store is

With \`artifactStore\` in the cluster's file, Argo Workflows hands the files over: nothing mounts the training volume, each
pod has a \`/work\` of its own with what the step takes, the candidate that a step makes is in \`/work/candidate\` rather than
\`/work/candidates/<variant>\`, and no step \`clean\` is needed.
`;
}

/** One row for each program of the workflow templates. */
export function stepTable(templates: readonly Manifest[], wanted: (step: string) => boolean = () => true): string {
  const rows = new Map<string, { readonly cells: readonly string[]; readonly pipelines: string[] }>();
  for (const { metadata, spec } of templates) {
    for (const step of (spec as { readonly templates: readonly Step[] }).templates) {
      if (!step.container || !wanted(step.name)) continue;
      const cells = describe(step, step.container);
      const key = cells.join('|');
      const row = rows.get(key) ?? { cells, pipelines: [] };
      row.pipelines.push(metadata.name);
      rows.set(key, row);
    }
  }
  const body = [...rows.values()].map(({ cells: [step = '', ...rest], pipelines }) => [
    step,
    pipelines.join(', '),
    ...rest,
  ]);
  return [HEADER, HEADER.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function describe(step: Step, container: NonNullable<Step['container']>): readonly string[] {
  const { image, command, args = [], env = [], volumeMounts = [] } = container;
  const argv = [...command, ...args].map(withInputs);
  const outputs = step.outputs?.parameters ?? [];
  return [
    code(step.name),
    code(/([^/]+?):[^/]*$/.exec(image)?.[1] ?? image),
    code(argv.map(quoted).join(' ')),
    list(env.map(({ name, value }) => (value === undefined ? name : `${name}=${withInputs(value)}`))),
    list((step.inputs?.parameters ?? []).map(({ name }) => name)),
    list(outputs.map(({ name, valueFrom }) => `${name}: ${valueFrom?.path ?? ''}`)),
    list(volumeMounts.map(({ mountPath, readOnly }) => (readOnly ? `${mountPath} (read)` : mountPath))),
  ];
}

function withInputs(text: string): string {
  return text.replace(/\{\{inputs\.parameters\.([\w-]+)\}\}/g, '<$1>');
}

function quoted(word: string): string {
  return /^[\w./:@<>=,{}%+-]+$/.test(word) ? word : `'${word}'`;
}

function list(entries: readonly string[]): string {
  return entries.map(code).join(', ');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function renderedTemplates(cluster: ClusterData): readonly Manifest[] {
  return render([cluster])
    .clusters.flatMap(objectsOf)
    .map(({ manifest }) => manifest)
    .filter(({ kind }) => kind === 'WorkflowTemplate');
}

if (require.main === module) writeFileSync(join(root, STEP_CONTRACT_PAGE), stepContractPage());
