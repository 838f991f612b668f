import { type Finding, type Judge, run } from './judge';

/** Version whose rules and schemas the judges use. */
const KUBERNETES = '1.34';

/** Reliability and security of workloads, with every optional test. */
const kubeScore: Judge = {
  name: 'kube-score',
  async judge(program, { files }) {
    interface Scored {
      readonly type_meta: { readonly kind: string };
      readonly object_meta: { readonly name: string; readonly namespace?: string };
      readonly checks: readonly {
        readonly check: { readonly id: string; readonly name: string };
        readonly grade: number;
        readonly skipped: boolean;
        readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
      }[];
    }
    const options = ['--kubernetes-version', `v${KUBERNETES}`, '--all-default-optional', '--output-format', 'json'];
    const scored: readonly Scored[] = JSON.parse(await run(program, ['score', ...options, ...files]));
    return scored.flatMap(({ type_meta, object_meta, checks }) =>
      checks
        .filter(({ grade, skipped }) => !skipped && grade < 10)
        .map(({ check, comments }) => ({
          judge: 'kube-score',
          rule: check.id,
          object: `${type_meta.kind} ${object_meta.namespace ?? ''}/${object_meta.name}`,
          message:
            comments?.map(({ path, summary }) => (path ? `${path}: ${summary}` : summary)).join('; ') || check.name,
        })),
    );
  },
};

/** Security of Kubernetes objects and Argo Workflows. */
const checkov: Judge = {
  name: 'checkov',
  async judge(program, { files, objectIn }) {
    interface Report {
      readonly results?: {
        readonly failed_checks: readonly { check_id: string; check_name: string; repo_file_path: string }[];
        readonly parsing_errors: readonly string[];
      };
    }
    const options = ['--framework', 'kubernetes', 'argo_workflows', '--compact', '--skip-download', '--output', 'json'];
    const output: Report | Report[] = JSON.parse(await run(program, [...options, '--file', ...files]));
    return [output].flat().flatMap(({ results }) => [
      ...(results?.failed_checks ?? []).map(({ check_id, check_name, repo_file_path }) => ({
        judge: 'checkov',
        rule: check_id,
        object: objectIn(repo_file_path.replace(/^\//, '')),
        message: check_name,
      })),
      ...(results?.parsing_errors ?? []).map((file) => ({
        judge: 'checkov',
        rule: 'parsing',
        object: file,
        message: 'cannot be parsed',
      })),
    ]);
  },
};

/** The schemas in `schemas/`, read by another program than ours. */
const kubeconform: Judge = {
  name: 'kubeconform',
  async judge(program, { files, objectIn }) {
    const group = '{{if eq .Group "v1"}}core{{else}}{{.Group}}{{end}}';
    const location = `schemas/${group}/{{.ResourceAPIVersion}}/{{.ResourceKind}}.json`;
    const options = ['-strict', '-summary', '-output', 'json', '-schema-location', location];
    const { resources, summary } = JSON.parse(await run(program, [...options, ...files]));
    if (summary.valid + summary.invalid + summary.errors !== files.length) {
      throw new Error(`kubeconform looked at ${summary.valid} of ${files.length} files`);
    }
    return resources.map(({ filename, status, msg }: { filename: string; status: string; msg: string }) => ({
      judge: 'kubeconform',
      rule: status,
      object: objectIn(filename),
      message: msg,
    }));
  },
};

/** Schemas of Kubernetes itself, of another origin than ours; it knows no custom resources. */
const kubernetesValidate: Judge = {
  name: 'kubernetes-validate',
  async judge(program, { files, objectIn }) {
    const output = await run(program, ['--kubernetes-version', KUBERNETES, '--strict', ...files]);
    const lines = output.split('\n').filter((line) => line !== '');
    const failures = lines.filter(
      (line) => !line.startsWith('INFO') && !line.includes("Couldn't find schema for kind"),
    );
    return failures.map((line): Finding => {
      const file = files.find((name) => line.includes(name));
      return { judge: 'kubernetes-validate', rule: 'schema', object: file ? objectIn(file) : '', message: line };
    });
  },
};

/** YAML that every reader takes the same way. Lines are as long as their values. */
const yamllint: Judge = {
  name: 'yamllint',
  async judge(program, { files, objectIn }) {
    const rules = '{extends: default, rules: {line-length: disable}}';
    const output = await run(program, ['--strict', '--format', 'parsable', '-d', rules, ...files]);
    return output
      .split('\n')
      .map((line) => /^(.+?):(\d+):\d+: \[\w+\] (.+) \((\S+)\)$/.exec(line))
      .filter((match) => match !== null)
      .map(([, file = '', line, message, rule = '']) => ({
        judge: 'yamllint',
        rule,
        object: objectIn(file),
        message: `line ${line}: ${message}`,
      }));
  },
};

export const judges: readonly Judge[] = [kubeScore, checkov, kubeconform, kubernetesValidate, yamllint];
