import { ValueError } from './values';

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: '\\t ',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** Constructs of JavaScript's patterns that RE2, Go's engine, does not have. */
const UNSUPPORTED = /\(\?(?:=|!|<=|<!)|\\[1-9]|\\k</;

/**
 * Makes a JavaScript pattern of a Go one: leading flags `(?i)`, names `(?P<n>…)`, `\A`, `\z` and POSIX classes.
 *
 * @throws {ValueError} when it is no pattern, or one that Go would not take.
 */
export function compilePattern(pattern: string, flags = ''): RegExp {
  if (UNSUPPORTED.test(pattern))
    throw new ValueError(`Go's patterns have no lookaround or back references: ${pattern}`);
  const [prefix = '', leading = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(prefix.length)
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\z/g, '(?![\\s\\S])')
    .replace(/\[:(\w+):\]/g, (match, name: string) => POSIX_CLASSES[name] ?? match);
  // A Go `$` without (?m) matches only at the very end, as in JavaScript.
  try {
    return new RegExp(source, [...new Set(leading + flags)].join(''));
  } catch {
    throw new ValueError(`not a pattern: ${pattern}`);
  }
}
