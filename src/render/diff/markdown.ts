import { type ApplicationChange, count, describeCounts, type JudgedChange } from './index';
import { fieldLines, type Line, textLines } from './lines';
import { describeCause, describeObject, headline } from './text';

/** How long a comment on GitHub may be, in characters. */
export const LONGEST_COMMENT = 65_536;

/** Room for the sentences that say what was left out. */
const RESERVE = 400;

/** Dangers come first and whole, up to this share of a comment. */
const DANGERS_SHARE = 0.5;

/**
 * The difference as a comment on a pull request: dangers first, then one collapsible section for each Application. When
 * it would be longer than `limit`, sections give up their values, then their objects, then their line, the last first.
 */
export function diffMarkdown(
  changes: readonly ApplicationChange[],
  against: string,
  limit: number = LONGEST_COMMENT,
): string {
  const head = `### Rendered manifests against ${code(against)}\n\n${headline(changes)}\n`;
  const dangers = dangerSection(changes, limit * DANGERS_SHARE);
  let room = limit - head.length - dangers.length - RESERVE;

  const forms = changes.map((change) => [line(change), section(change, 'objects'), section(change, 'values')] as const);
  const chosen: string[] = [];
  for (const [shortest] of forms) {
    if (shortest.length > room) break;
    chosen.push(shortest);
    room -= shortest.length;
  }
  const left = changes.length - chosen.length;
  // Every section first grows to its objects, and only then, while there is room, to its values.
  for (const form of [1, 2] as const) {
    for (const [index, current] of chosen.entries()) {
      const longer = forms[index]?.[form] ?? current;
      if (longer.length - current.length > room) continue;
      chosen[index] = longer;
      room -= longer.length - current.length;
    }
  }
  const cut = chosen.some((text, index) => text !== forms[index]?.[2]);
  const rest = [
    ...(left > 0 ? [`${left} more Applications differ.`] : []),
    ...(left > 0 || cut
      ? ['Values are left out where the comment would be too long: run `npm run diff` for all.']
      : []),
  ];
  return [head, dangers, ...chosen, ...rest].filter((part) => part !== '').join('\n');
}

function dangerSection(changes: readonly ApplicationChange[], limit: number): string {
  const all = changes.flatMap(({ objects }) =>
    objects.flatMap((change) =>
      change.dangers.map(({ field, what, fix }) => {
        const place = field ? `, ${code(field)}` : '';
        return `> - **${literally(`${change.cluster}: ${describeObject(change)}`)}**${place}: ${literally(what)}. To do: ${literally(fix)}.\n`;
      }),
    ),
  );
  if (all.length === 0) return '';
  let text = `> [!CAUTION]\n> **${all.length === 1 ? 'One dangerous change' : `${all.length} dangerous changes`}**\n>\n`;
  for (const [index, item] of all.entries()) {
    if (text.length + item.length > limit) {
      return `${text}> - and ${all.length - index} more: run \`npm run diff\`\n`;
    }
    text += item;
  }
  return text;
}

function title(change: ApplicationChange): string {
  const { cluster, component, application, derived } = change;
  const name = application ?? `${cluster}/${component}, applied by hand`;
  return `<b>${html(name)}</b>: ${describeCounts(count([change]))}${derived ? ', only because of others' : ''}`;
}

function line(change: ApplicationChange): string {
  return `- ${title(change)}\n`;
}

function section(change: ApplicationChange, show: 'objects' | 'values'): string {
  const body = [
    ...change.objects.flatMap((object) => objectLines(object, show)),
    ...change.texts.flatMap(({ type, file, before, after }) => [
      `@@ ${type}: dist/${file} @@`,
      ...(show === 'values' && type === 'changed' ? textLines(before, after).map(plain) : []),
    ]),
  ];
  const fence = fenceFor(body);
  const content = [`${fence}diff`, ...body, fence].join('\n');
  return `<details><summary>${title(change)}</summary>\n\n${content}\n\n</details>\n`;
}

function objectLines(object: JudgedChange, show: 'objects' | 'values'): string[] {
  const notes = [
    describeCause(object),
    object.movedFrom === undefined ? '' : `moved from ${object.movedFrom}`,
    object.dangers.length > 0 ? 'dangerous' : '',
  ].filter((note) => note !== '');
  const what = object.type === 'source' ? 'made by another construct' : object.type;
  const head = `@@ ${what}: ${describeObject(object)}${notes.length > 0 ? ` (${notes.join('; ')})` : ''} @@`;
  if (show === 'objects') return [head];
  return [
    head,
    ...object.fields.flatMap((field) => {
      const { path, lines } = fieldLines(field);
      return [`  ${path}`, ...lines.map(plain)];
    }),
  ];
}

function plain({ sign, text }: Line): string {
  return `${sign} ${text}`;
}

/** A fence that no line of the content ends. */
function fenceFor(lines: readonly string[]): string {
  const longest = Math.max(0, ...lines.flatMap((text) => [...text.matchAll(/`+/g)].map(([run]) => run.length)));
  return '`'.repeat(Math.max(3, longest + 1));
}

function html(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Text in which no character means anything to Markdown. */
function literally(text: string): string {
  return html(text).replace(/[\\`*_[\]#|~!]/g, '\\$&');
}

function code(text: string): string {
  const fence = fenceFor([text]).slice(2);
  return `${fence}${text.replace(/\s+/g, ' ')}${fence}`;
}
