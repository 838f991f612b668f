import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createColors } from 'picocolors';
import { type BrokenFile, readYamlText, type YamlDocument } from './documents';
import { type Finding, type LintOptions, type LintResult, lintDocuments } from './lint';
import { RULES } from './rules';

/** Something that kept files from being looked at. */
export interface InputProblem {
  readonly where: string;
  readonly what: string;
  readonly fix: string;
}

export interface LintReport extends LintResult {
  /** How many YAML and JSON files were read. */
  readonly files: number;
  /** A missing folder, broken YAML, or nothing to look at. */
  readonly inputProblems: readonly InputProblem[];
}

const EXTENSION = /\.(ya?ml|json)$/;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);
/** What a broken file must contain to count as one that was meant to be linted. */
const LOOKS_LIKE_WORKFLOW = /argoproj\.io\/|^kind:\s*(Cron|Cluster)?Workflow/m;
const MAX_VALUE = 80;

/**
 * Lints a file, or every YAML and JSON file below a folder, all together. Nothing is thrown for a person's mistake:
 * it is in the report, next to what was found in the other files.
 *
 * @param path a file or folder.
 */
export function lintFolder(path: string, options: LintOptions = {}): LintReport {
  const files = listFiles(path);
  if ('what' in files) return { findings: [], checked: 0, files: 0, inputProblems: [files] };
  const documents: YamlDocument[] = [];
  const inputProblems: InputProblem[] = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const read = readYamlText(text, shownPath(file));
    if (!('reason' in read)) documents.push(...read);
    else if (files.length === 1 || LOOKS_LIKE_WORKFLOW.test(text) || !isTemplate(file, text)) {
      inputProblems.push(brokenFile(read));
    }
  }
  const result = lintDocuments(documents, options);
  if (result.checked === 0 && inputProblems.length === 0) {
    const what = files.length === 0 ? 'no YAML or JSON file here' : `no workflow in ${filesText(files.length)}`;
    const fix = 'name a folder with objects of argoproj.io, such as WorkflowTemplates';
    inputProblems.push({ where: path, what, fix });
  }
  return { ...result, files: files.length, inputProblems };
}

/** A template of YAML, as Helm has them, is no YAML yet; JSON with comments is somebody's settings. */
function isTemplate(file: string, text: string): boolean {
  return file.endsWith('.json') || text.includes('{{');
}

function filesText(count: number): string {
  return count === 1 ? 'this file' : `its ${count} YAML and JSON files`;
}

function listFiles(path: string): readonly string[] | InputProblem {
  try {
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return { where: path, what: 'no such file or folder', fix: 'check the path' };
    if (code === 'EACCES') return { where: path, what: 'no permission to read it', fix: 'check its owner and mode' };
    throw error;
  }
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry: Dirent) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() && EXTENSION.test(entry.name) ? [path] : [];
  });
}

function shownPath(file: string): string {
  const short = relative(process.cwd(), file);
  return short === '' || short.startsWith('..') ? file : short;
}

function brokenFile({ file, line, column, reason }: BrokenFile): InputProblem {
  return { where: `${file}:${line}:${column}`, what: `not valid YAML: ${reason}`, fix: 'correct the syntax' };
}

/** Whether the report makes the command fail. */
export function hasErrors(report: LintReport): boolean {
  return report.inputProblems.length > 0 || report.findings.some((finding) => finding.severity === 'error');
}

/**
 * The report for people: one line per finding, why the errors matter, and a sum.
 *
 * @param color with the colours of a terminal.
 */
export function formatReport(report: LintReport, color = false): string {
  const colors = createColors(color);
  const label = { error: colors.red('error'), warning: colors.yellow('warning') };
  const lines = [
    ...report.inputProblems.map(({ where, what, fix }) => `${label.error}: ${where}: ${what}; ${fix}`),
    ...report.findings.map((each) => `${label[each.severity]}: ${describe(each)} ${colors.dim(`[${each.rule}]`)}`),
  ];
  const broken = new Set(report.findings.flatMap(({ rule, severity }) => (severity === 'error' ? [rule] : [])));
  const reasons = RULES.filter((rule) => broken.has(rule.id)).map((rule) => `  ${colors.bold(rule.id)}: ${rule.why}`);
  if (reasons.length > 0) lines.push('', 'Why:', ...reasons);
  if (report.checked > 0) lines.push(...(lines.length > 0 ? [''] : []), summary(report));
  return lines.join('\n');
}

function describe({ file, line, object, path, what, value, fix }: Finding): string {
  const where = `${file}:${line}: ${object}${path === '' ? '' : ` ${path}`}`;
  const got = value === undefined || value === '' ? '' : ` (got ${shortened(value)})`;
  return `${where}: ${what}${got}; ${fix}`;
}

/** One line, as JSON would write it, cut where it is long. */
function shortened(value: string): string {
  const text = JSON.stringify(value.trim());
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 2)}…"`;
}

function summary({ findings, checked, files, inputProblems }: LintReport): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.length - errors;
  const counts = [
    ...(inputProblems.length > 0 ? [`${count(inputProblems.length, 'file')} not read`] : []),
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return `${count(checked, 'workflow object')} in ${count(files, 'file')}: ${counts.join(', ') || 'no problems'}`;
}
