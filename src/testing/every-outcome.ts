import { documentOf } from '../argo-workflows/lint/documents';
import { scalarText } from '../argo-workflows/lint/fields';
import { readWorkflow } from '../argo-workflows/lint/model';
import type { Mock, MockOutcome } from '../argo-workflows/run/mocks';
import type { RunResult } from '../argo-workflows/run/result';
import { type RunOptions, runWorkflow } from '../argo-workflows/run/run-workflow';

/** How the programs of a workflow may end. */
export interface Outcomes {
  /**
   * The ends of a template that matter, by its name; the first is the usual one.
   *
   * @default success, a failure, and an error of the platform
   */
  readonly templates?: Readonly<Record<string, readonly MockOutcome[]>>;
  /** Values of parameters to try; those with an `enum` are tried with all of its values. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  /** Answers to suspended templates to try. @default every value of each question's `enum`, else `yes` */
  readonly answers?: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

/** What was chosen in one run: the end of each step that was reached, by its node, and the values of parameters. */
export type Choices = Readonly<Record<string, unknown>>;

const USUAL: readonly MockOutcome[] = [{}, { exitCode: 1 }, { error: 'the pod was deleted' }];

/**
 * Runs a workflow with every combination of ends that its steps can have: whatever is chosen for one step decides which
 * others are reached, and only those multiply. A step ends the same way at each of its attempts.
 *
 * @param visit called after each run.
 * @returns how many runs there were.
 * @throws {RunError} from the run that cannot go on, which names a reference that does not resolve.
 */
export async function everyOutcome(
  object: object,
  outcomes: Outcomes,
  visit: (result: RunResult, choices: Choices) => void,
  options: Pick<RunOptions, 'objects'> = {},
): Promise<number> {
  const [workflow, ...others] = [object, ...(options.objects ?? [])].flatMap(
    (each) => readWorkflow(documentOf(each, 'workflow')) ?? [],
  );
  const all = [...(workflow === undefined ? [] : [workflow]), ...others];
  const templates = all.flatMap((each) => each.allTemplates);
  const explorer = newExplorer();
  let runs = 0;
  do {
    explorer.begin();
    const parameters = Object.fromEntries(
      (workflow?.arguments.parameters ?? []).flatMap(({ name, fields }): [string, string][] => {
        const values = outcomes.parameters?.[name] ?? choicesOf(fields.enum);
        return values.length === 0 ? [] : [[name, explorer.choose(`parameter ${name}`, values)]];
      }),
    );
    const answers = Object.fromEntries(
      templates.flatMap((template): [string, Readonly<Record<string, string>>][] => {
        if (template.kind !== 'suspend') return [];
        const given = outcomes.answers?.[template.name];
        if (given !== undefined) return [[template.name, explorer.choose(`answer ${template.name}`, given)]];
        const answer = template.outputs.parameters.map(({ name }): [string, string] => {
          const offered = choicesOf(template.inputs.parameters.find((input) => input.name === name)?.fields.enum);
          const place = `answer ${template.name}.${name}`;
          return [name, offered.length === 0 ? 'yes' : explorer.choose(place, offered)];
        });
        return [[template.name, Object.fromEntries(answer)]];
      }),
    );
    const mocks = Object.fromEntries(
      templates
        .filter((template) => template.isLeaf)
        .map(({ name }): [string, Mock] => [
          name,
          ({ node }) => explorer.choose(node.replace(/\(\d+\)$/, ''), outcomes.templates?.[name] ?? USUAL),
        ]),
    );
    visit(await runWorkflow(object, { ...options, arguments: parameters, answers, mocks }), explorer.chosen());
    runs += 1;
  } while (explorer.next());
  return runs;
}

function choicesOf(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.flatMap((value) => scalarText(value) ?? []) : [];
}

/** Goes through a tree of choices of which only those on the way are known. */
function newExplorer() {
  /** The choice of this run at each place, in the order in which they were reached. */
  let path: { readonly place: string; readonly options: readonly unknown[]; index: number }[] = [];
  let reached = new Map<string, unknown>();
  let depth = 0;
  return {
    begin: (): void => {
      reached = new Map();
      depth = 0;
    },
    choose: <T>(place: string, options: readonly T[]): T => {
      if (reached.has(place)) return reached.get(place) as T;
      const step = path[depth] ?? { place, options, index: 0 };
      path[depth] = step;
      depth += 1;
      const chosen = options[step.index] as T;
      reached.set(place, chosen);
      return chosen;
    },
    chosen: (): Choices => Object.fromEntries(reached),
    next: (): boolean => {
      path = path.slice(0, depth);
      for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
        if (last.index + 1 < last.options.length) {
          last.index += 1;
          return true;
        }
        path.pop();
      }
      return false;
    },
  };
}
