import { readFileSync } from 'node:fs';
import {
  constructFromEvents,
  EVENT_ID,
  type Event,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  intYaml11Tag,
  NOT_RESOLVED,
  parseEvents,
  type ScalarTagDefinition,
  Schema,
  timestampTag,
  YAML11_SCHEMA,
  YAMLException,
} from 'js-yaml';
import { type Fields, fieldsOf, isFields, type Path } from './fields';

/** One document of a YAML file. */
export interface YamlDocument {
  readonly file: string;
  readonly object: Fields;
  /** The line, from 1, at which the value at a path begins; of its nearest parent when it has none. */
  readonly lineOf: (path: Path) => number;
  /** What stands in the file for a single value, without quotes; undefined for lists, maps and objects without a file. */
  readonly writtenAt: (path: Path) => string | undefined;
  /** Keys that a map has twice; the last one wins. */
  readonly duplicateKeys: readonly Path[];
}

/** A file that is no YAML. */
export interface BrokenFile {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** Integers as Kubernetes reads them: YAML 1.1 with `0o17`, but `12:30` is text. */
const integerTag: ScalarTagDefinition<number> = {
  ...intYaml11Tag,
  resolve: (source, isExplicit, tagName) => {
    if (source.includes(':')) return NOT_RESOLVED;
    return (/^[-+]?0o/.test(source) ? intCoreTag : intYaml11Tag).resolve(source, isExplicit, tagName);
  },
};

/** Kubernetes reads YAML 1.1 (`yes` is true, `010` is 8), and leaves dates and times as text. */
const SCHEMA = new Schema(YAML11_SCHEMA.tags.filter((tag) => tag.tagName !== timestampTag.tagName)).withTags(
  integerTag,
  floatCoreTag,
);

/** js-yaml's reason for a continuation line that stands too far left. */
const DEFICIENT = 'deficient indentation';

/** An object that is not written down yet as a document, so that it can be linted; its lines are not known. */
export function documentOf(object: object, name: string): YamlDocument {
  const read = fieldsOf(JSON.parse(JSON.stringify(object)));
  return { file: name, object: read, lineOf: () => 1, writtenAt: () => undefined, duplicateKeys: [] };
}

/** Reads every document of a YAML or JSON file. */
export function readYamlFile(path: string, shownAs = path): readonly YamlDocument[] | BrokenFile {
  return readYamlText(readFileSync(path, 'utf8'), shownAs);
}

/** Reads every document of a YAML or JSON text; documents that are no maps are left out. */
export function readYamlText(text: string, file: string): readonly YamlDocument[] | BrokenFile {
  try {
    return parseDocuments(indentContinuations(text), file);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { file, line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1, reason: error.reason };
  }
}

function parseDocuments(text: string, file: string): readonly YamlDocument[] {
  const events = parseEvents(text, { filename: file });
  const objects = constructFromEvents(events, { source: text, filename: file, schema: SCHEMA, json: true });
  const places = documentPlaces(events, text);
  const lines = lineStarts(text);
  return objects.flatMap((object, index) => {
    if (!isFields(object)) return [];
    const { offsets, scalars, duplicateKeys } = places[index] ?? noPlaces();
    const lineOf = (path: Path) => lineAt(lines, nearestOffset(offsets, path));
    return [{ file, object, duplicateKeys, lineOf, writtenAt: (path: Path) => scalars.get(pathKey(path)) }];
  });
}

/**
 * Indents the lines that continue a quoted text or a flow collection where they stand too far left for YAML. The
 * reader of Kubernetes takes them, and the spaces change no value.
 */
function indentContinuations(text: string): string {
  let indented = text;
  for (let attempts = text.split('\n').length; attempts > 0; attempts -= 1) {
    try {
      parseEvents(indented, {});
      return indented;
    } catch (error) {
      if (!(error instanceof YAMLException) || error.reason !== DEFICIENT || error.mark === undefined) return indented;
      const start = indented.lastIndexOf('\n', error.mark.position - 1) + 1;
      if (/^ {80}/.test(indented.slice(start))) return indented;
      indented = `${indented.slice(0, start)}${' '.repeat(80)}${indented.slice(start)}`;
    }
  }
  return indented;
}

interface Places {
  /** Offsets in the text by {@link pathKey}. */
  readonly offsets: Map<string, number>;
  /** Texts of single values, likewise. */
  readonly scalars: Map<string, string>;
  readonly duplicateKeys: Path[];
}

const noPlaces = (): Places => ({ offsets: new Map(), scalars: new Map(), duplicateKeys: [] });

/** A map or list that is being read. */
interface Open {
  readonly path: Path;
  readonly kind: 'document' | 'sequence' | 'mapping';
  count: number;
  /** In a map: the key whose value comes next. */
  key: string | undefined;
  readonly seen: Set<string>;
}

function pathKey(path: Path): string {
  return JSON.stringify(path);
}

function documentPlaces(events: readonly Event[], text: string): readonly Places[] {
  const documents: Places[] = [];
  const stack: Open[] = [];
  let current = noPlaces();

  /** The path of the value that comes next; undefined when it is a key. */
  const nextPath = (): Path | undefined => {
    const top = stack.at(-1);
    if (top === undefined || top.kind === 'document') return [];
    if (top.kind === 'sequence') return [...top.path, top.count++];
    if (top.key === undefined) return undefined;
    const path = [...top.path, top.key];
    top.key = undefined;
    return path;
  };
  const readKey = (offset: number, key: string): void => {
    const top = stack.at(-1);
    if (top === undefined) return;
    const path = [...top.path, key];
    if (top.seen.has(key) && key !== '<<') current.duplicateKeys.push(path);
    top.seen.add(key);
    top.key = key;
    current.offsets.set(pathKey(path), offset);
  };
  const open = (kind: Open['kind'], offset: number): void => {
    const path = nextPath() ?? [];
    if (!current.offsets.has(pathKey(path))) current.offsets.set(pathKey(path), offset);
    stack.push({ path, kind, count: 0, key: undefined, seen: new Set() });
  };

  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        current = noPlaces();
        documents.push(current);
        stack.push({ path: [], kind: 'document', count: 0, key: undefined, seen: new Set() });
        break;
      case EVENT_ID.SEQUENCE:
        open('sequence', event.start);
        break;
      case EVENT_ID.MAPPING:
        open('mapping', event.start);
        break;
      case EVENT_ID.SCALAR: {
        const path = nextPath();
        const written = getScalarValue(text, event);
        if (path === undefined) readKey(event.valueStart, written);
        else {
          current.scalars.set(pathKey(path), written);
          if (!current.offsets.has(pathKey(path))) current.offsets.set(pathKey(path), event.valueStart);
        }
        break;
      }
      case EVENT_ID.ALIAS:
        if (nextPath() === undefined) readKey(event.anchorStart, text.slice(event.anchorStart, event.anchorEnd));
        break;
      case EVENT_ID.POP:
        stack.pop();
        break;
    }
  }
  return documents;
}

function nearestOffset(offsets: ReadonlyMap<string, number>, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsets.get(pathKey(path.slice(0, length)));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
