import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Fields, fieldsOf } from '../../src/argo-workflows/lint/fields';
import { temporaryFolder } from '../support/temporary';
import { differences } from './conformance/compare';
import { type CorpusFile, OWN, readCorpus } from './conformance/corpus';
import { NOT_COMPARED } from './conformance/exceptions';
import { runHere } from './conformance/here';
import { IMAGE } from './conformance/images';
import { prepare } from './conformance/prepare';
import { runThere } from './conformance/there';
import { describeOnCluster, kubectl, say } from './kubectl';
import { buildImage } from './loop/images';
import { ProgramFailed } from './run';

const NAMESPACE = 'conformance';
/** A checkout of argoproj/argo-workflows, of the version of the controller. */
const upstream = process.env.ARGO_WORKFLOWS_SOURCE;
/** How many workflows run at once. */
const AT_ONCE = 5;
/** Only workflows whose name matches. */
const only = new RegExp(process.env.CONFORMANCE ?? '');

/** What pods of workflows may do: report. */
const RBAC = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'executor', namespace: NAMESPACE },
    rules: [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'executor', namespace: NAMESPACE },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'executor' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: NAMESPACE }],
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'conformance-memory',
      namespace: NAMESPACE,
      labels: { 'workflows.argoproj.io/configmap-type': 'Cache' },
    },
  },
];

interface Case {
  readonly name: string;
  readonly object: object;
}

interface Cases {
  readonly compared: readonly Case[];
  /** Why others are not. */
  readonly left: ReadonlyMap<string, string>;
  /** What they refer to. */
  readonly objects: readonly object[];
}

/** The workflows of a folder that can be compared. */
function casesOf(files: readonly CorpusFile[], prefix: string): Cases {
  const left = new Map<string, string>();
  const compared: Case[] = [];
  const objects: object[] = [];
  for (const { name: file, objects: documents } of files) {
    for (const [index, object] of documents.entries()) {
      const name = documents.length > 1 ? `${file}#${index}` : file;
      const runName = `${prefix}${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.slice(0, 50);
      const reason = NOT_COMPARED[name];
      const kind = String(object.kind);
      if (['WorkflowTemplate', 'ConfigMap'].includes(kind)) {
        const used = prepare(object, String(fieldsOf(object.metadata).name), NAMESPACE);
        if ('object' in used) objects.push(kind === 'ConfigMap' ? placed(object) : used.object);
        continue;
      }
      if (kind !== 'Workflow') continue;
      const prepared = prepare(object, runName, NAMESPACE);
      if (reason !== undefined || 'reason' in prepared)
        left.set(name, reason ?? ('reason' in prepared ? prepared.reason : ''));
      else if (only.test(name)) compared.push({ name, object: prepared.object });
    }
  }
  return { compared, left, objects };
}

function placed(object: Fields): object {
  return { ...object, metadata: { ...fieldsOf(object.metadata), namespace: NAMESPACE } };
}

describeOnCluster('the runner does what the workflow controller does', () => {
  const folder = temporaryFolder();

  beforeAll(async () => {
    if (process.env.E2E_IMAGES) await buildImage(IMAGE, join(__dirname, 'conformance', 'image'));
    await kubectl(['apply', '--filename', '-'], { apiVersion: 'v1', kind: 'List', items: RBAC });
  }, 600_000);

  afterAll(async () => {
    await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
  }, 300_000);

  const own = casesOf(readCorpus(OWN), '');
  const examples = upstream === undefined ? undefined : join(upstream, 'examples');
  const theirs = examples !== undefined && existsSync(examples) ? casesOf(readCorpus(examples), 'x-') : undefined;

  test.each([
    ['of this project', own],
    ...(theirs === undefined ? [] : [["of Argo's examples", theirs] as const]),
  ] as const)(
    'with the workflows %s',
    async (which, { compared, left: before, objects }) => {
      const left = new Map(before);
      const used = await accepted(namedIn(compared, objects));
      const found = new Map<string, readonly string[]>();
      // Those with locks wait for each other in the cluster, so they are on their own.
      const isLocking = ({ object }: Case): boolean => JSON.stringify(object).includes('"synchronization":');
      const work = async (queue: Case[]): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const [there, here] = await Promise.all([runThere(next.object), runHere(next.object, used, folder)]);
          if (there.isNeverStarted) {
            left.set(
              next.name,
              `the API server refuses it (${here.error === undefined ? 'it runs here' : 'refused here too'})`,
            );
            continue;
          }
          const differing = differences(there, here);
          found.set(next.name, differing);
          say(
            `${differing.length === 0 ? 'same' : 'DIFFERS'}  ${next.name}${differing.map((line) => `\n       ${line}`).join('')}`,
          );
        }
      };
      const free = compared.filter((each) => !isLocking(each));
      await Promise.all([...Array.from({ length: AT_ONCE }, () => work(free)), work(compared.filter(isLocking))]);
      const same = [...found.values()].filter((lines) => lines.length === 0).length;
      say(`${which}: ${same} of ${found.size} agree, node by node; ${left.size} are not compared:`);
      for (const [reason, names] of byReason(left)) say(`  ${reason}: ${names.join(', ')}`);
      expect([...found].filter(([, lines]) => lines.length > 0)).toEqual([]);
    },
    3_600_000,
  );
});

/** The objects whose names workflows mention, or other such objects. */
function namedIn(compared: readonly Case[], objects: readonly object[]): readonly object[] {
  const nameOf = (object: object): string => String(fieldsOf(fieldsOf(object).metadata).name);
  const named = new Set<object>();
  const visit = (text: string): void => {
    for (const object of objects) {
      if (named.has(object) || !text.includes(`"${nameOf(object)}"`)) continue;
      named.add(object);
      visit(JSON.stringify(fieldsOf(object).spec ?? {}));
    }
  };
  for (const { object } of compared) visit(JSON.stringify(object));
  return [...named];
}

/** The objects that the API server takes. */
async function accepted(objects: readonly object[]): Promise<readonly object[]> {
  const taken: object[] = [];
  for (const object of objects) {
    try {
      await kubectl(['apply', '--validate=false', '--filename', '-'], object);
      taken.push(object);
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error;
      say(
        `the API server refuses ${JSON.stringify(fieldsOf(fieldsOf(object).metadata).name)}, which some workflow may want`,
      );
    }
  }
  return taken;
}

function byReason(left: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const [name, reason] of left) names.set(reason, [...(names.get(reason) ?? []), name]);
  return names;
}
