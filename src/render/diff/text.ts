import pc from 'picocolors';
import { type ApplicationChange, count, describeCounts, type JudgedChange } from './index';
import { fieldLines, type Line, textLines } from './lines';
import { manifestOf } from './objects';

const signs = { added: '+', changed: '~', removed: '-', source: '·' } as const;

/** `Deployment inference/inference`, or `Namespace inference` for a kind without a namespace. */
export function describeObject(change: JudgedChange): string {
  const { kind, metadata } = manifestOf(change);
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** `because of inference-ui`, for a change that follows from others. */
export function describeCause({ derivedFrom }: JudgedChange): string {
  return derivedFrom.length > 0 ? `because of ${derivedFrom.join(', ')}` : '';
}

/** One line over everything: `9 objects in 3 Applications: 1 added, 8 changed`. */
export function headline(changes: readonly ApplicationChange[]): string {
  if (changes.length === 0) return 'nothing differs';
  const counts = count(changes);
  const files = counts.added + counts.changed + counts.removed + counts.source;
  const noun = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const applications = changes.filter(({ application }) => application !== undefined).length;
  return `${noun(files, 'file')} in ${noun(applications, 'Application')}: ${describeCounts(counts)}`;
}

/**
 * The difference for a terminal.
 *
 * @param against what the tree is compared with, such as `HEAD (1a2b3c4)`
 * @param width columns of the terminal
 */
export function diffText(changes: readonly ApplicationChange[], against: string, width: number): string {
  const lines = [`${pc.bold(`Against ${against}`)}: ${headline(changes)}`];
  let cluster = '';
  for (const change of changes) {
    if (change.cluster !== cluster) lines.push('', pc.bold(change.cluster));
    cluster = change.cluster;
    lines.push(...applicationLines(change, width));
  }
  const dangers = changes.flatMap(({ objects }) => objects.filter((object) => object.dangers.length > 0));
  if (dangers.length > 0) {
    lines.push('', pc.bold(pc.red('Dangerous changes')));
    for (const change of dangers) lines.push(...dangerLines(change, width));
  }
  return lines.join('\n');
}

function applicationLines(change: ApplicationChange, width: number): string[] {
  const { component, application, derived, objects, texts } = change;
  const what = application === undefined ? 'not synced: a person applies it' : `Application ${application}`;
  const only = derived ? ', only because of others' : '';
  const lines = [`  ${pc.bold(component)} · ${what}: ${describeCounts(count([change]))}${only}`];
  for (const object of objects) {
    const mark = object.dangers.length > 0 ? pc.red(' dangerous') : '';
    const notes = [
      describeCause(object),
      object.movedFrom === undefined ? '' : `moved from ${object.movedFrom}`,
      object.type === 'source' ? 'made by another construct' : '',
    ].filter((note) => note !== '');
    const what = describeObject(object);
    const note = notes.length > 0 ? `(${notes.join('; ')})` : '';
    const fits = what.length + note.length + ' dangerous'.length + 7 <= width;
    lines.push(`    ${paint(signs[object.type])} ${what}${fits && note ? ` ${pc.dim(note)}` : ''}${mark}`);
    if (note && !fits) lines.push(`      ${pc.dim(note)}`);
    for (const field of object.fields) lines.push(...fieldText(fieldLines(field, width - 12), width));
  }
  for (const { type, file, before, after } of texts) {
    lines.push(`    ${paint(signs[type])} dist/${file}`);
    if (type === 'changed')
      lines.push(...textLines(before, after, width - 10).map((line) => `        ${colour(line, line.text)}`));
  }
  return lines;
}

/** On one line where both values fit, otherwise below each other. */
function fieldText({ path, lines }: { path: string; lines: readonly Line[] }, width: number): string[] {
  const [old, now] = lines;
  if (lines.length === 2 && old?.sign === '-' && now?.sign === '+') {
    const both = `${path}: ${old.text} → ${now.text}`;
    if (both.length + 8 <= width) return [`        ${path}: ${pc.red(old.text)} → ${pc.green(now.text)}`];
  }
  if (lines.length === 1 && old && `${path}: ${old.text}`.length + 10 <= width) {
    return [`        ${colour(old, `${path}: ${old.text}`)}`];
  }
  return [`        ${path}`, ...lines.map((line) => `          ${colour(line, line.text)}`)];
}

function dangerLines(change: JudgedChange, width: number): string[] {
  return [
    `  ${pc.red('!')} ${change.cluster}: ${describeObject(change)}`,
    ...change.dangers.flatMap(({ field, what, fix }) =>
      [...wrap(field ? `${field}: ${what}` : what, width - 6), ...wrap(`→ ${fix}`, width - 6)].map(
        (line) => `      ${line}`,
      ),
    ),
  ];
}

/** Breaks at spaces; a word that is longer than the width keeps its line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function paint(sign: string): string {
  return sign === '+' ? pc.green(sign) : sign === '-' ? pc.red(sign) : sign === '~' ? pc.yellow(sign) : sign;
}

function colour({ sign }: Line, text: string): string {
  const line = `${sign} ${text}`;
  return sign === '+' ? pc.green(line) : sign === '-' ? pc.red(line) : pc.dim(line);
}
