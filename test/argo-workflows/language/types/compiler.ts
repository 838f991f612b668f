import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../../../..');
const DIRECTIVE = /@ts-expect-error MISTAKE (.*)$/;

/** What the compiler says to files of this folder. */
export interface Messages {
  /** By the name of the mistake. */
  readonly mistakes: ReadonlyMap<string, string>;
  /** What it says where no mistake is marked. */
  readonly others: readonly string[];
}

/** Compile files of this folder as one program, without the directives that would hide their mistakes. */
export function compile(files: readonly string[]): Messages {
  const paths = files.map((file) => join(__dirname, file));
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language) =>
    paths.includes(name)
      ? ts.createSourceFile(name, readFileSync(name, 'utf8').replaceAll('@ts-expect-error', ''), language)
      : getSourceFile(name, language);
  const program = ts.createProgram(paths, options, host);

  const mistakes = new Map<string, string>();
  const others: string[] = [];
  for (const path of paths) {
    const marked = markedLines(readFileSync(path, 'utf8').split('\n'));
    for (const name of marked.values()) mistakes.set(name, '');
    const source = program.getSourceFile(path);
    for (const { start, messageText } of program.getSemanticDiagnostics(source)) {
      const name = marked.get(source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0);
      const message = ts.flattenDiagnosticMessageText(messageText, '\n');
      if (name === undefined) others.push(message);
      else mistakes.set(name, `${mistakes.get(name) ?? ''}${message}\n`);
    }
  }
  return { mistakes, others };
}

/** The lines that must be wrong, counted from 0, with the names of their mistakes. */
function markedLines(lines: readonly string[]): ReadonlyMap<number, string> {
  return new Map(
    lines.flatMap((text, line) => {
      const [, name] = DIRECTIVE.exec(text) ?? [];
      const next = lines.findIndex((other, index) => index > line && !other.trim().startsWith('//'));
      return name === undefined ? [] : [[next, name] as const];
    }),
  );
}

/** The last line of a message. The compiler lists the members of a union in the order in which it met them. */
export function lastLine(message: string): string {
  const line = message.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line.replace(/"[^"]*"(?: \| "[^"]*")+/g, (union) => union.split(' | ').sort().join(' | '));
}
