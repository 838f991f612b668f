import type { BinaryOperator, Expression, MapEntry, UnaryOperator } from './ast';
import { describeToken, TokenCursor } from './cursor';
import { type Token, tokenize } from './lexer';
import { numberNode } from './numbers';
import {
  type ArgumentShape,
  BINARY_PRECEDENCE,
  CHAINED_COMPARISONS,
  NEGATABLE,
  PREDICATE_FUNCTIONS,
  RIGHT_ASSOCIATIVE,
  UNARY_PRECEDENCE,
} from './operators';

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u;

/** Deeper nesting than people write; a bound keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 250;

/**
 * Parses an expression of expr-lang 1.17: what stands between `{{=` and `}}`.
 *
 * @throws {ExpressionError} with the position of the first mistake.
 * @see https://expr-lang.org/docs/language-definition
 */
export function parseExpression(source: string): Expression {
  const parser = new Parser(source, tokenize(source));
  return parser.parse();
}

/** A Pratt parser; one instance reads one expression. */
class Parser extends TokenCursor {
  private predicateDepth = 0;
  private depth = 0;

  parse(): Expression {
    const expression = this.sequence();
    if (this.current.kind !== 'end') this.fail();
    return expression;
  }

  private sequence(): Expression {
    const start = this.current.start;
    const expressions = [this.expression(0)];
    while (this.accept('operator', ';')) {
      if (this.current.kind === 'end') break;
      expressions.push(this.expression(0));
    }
    const [only] = expressions;
    if (only !== undefined && expressions.length === 1) return only;
    return { kind: 'sequence', expressions, start, end: this.previousEnd };
  }

  private expression(precedence: number): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail('expression nested too deeply');
    const expression = this.operators(precedence);
    this.depth -= 1;
    return expression;
  }

  private operators(precedence: number): Expression {
    if (precedence === 0 && this.is('operator', 'let')) return this.declaration();
    if (precedence === 0 && this.is('operator', 'if')) return this.conditionalBlock();

    let left = this.primary();
    let previousOperator = '';
    while (this.current.kind === 'operator') {
      const negated = this.is('operator', 'not');
      const token = negated ? this.peek(1) : this.current;
      if (negated && !NEGATABLE.has(token.value)) this.fail(`unexpected ${describeToken(token)}`, token);
      const strength = BINARY_PRECEDENCE.get(token.value);
      if (token.kind !== 'operator' || strength === undefined || strength < precedence) break;
      this.index += negated ? 2 : 1;

      if (token.value === '|') {
        left = this.pipe(left);
      } else {
        if (previousOperator === '??' && token.value !== '??') {
          this.fail(`"${token.value}" and "??" cannot be mixed without parentheses`, token);
        }
        left = this.binary(left, token, strength, negated);
      }
      previousOperator = token.value;
    }
    return precedence === 0 ? this.ternary(left) : left;
  }

  private pipe(input: Expression): Expression {
    const name = this.next();
    if (name.kind !== 'identifier') this.fail(`expected a function name but found ${describeToken(name)}`, name);
    return this.postfix(this.call(name, [input]));
  }

  private binary(left: Expression, token: Token, strength: number, negated: boolean): Expression {
    if (CHAINED_COMPARISONS.has(token.value)) return this.comparison(left, token, strength);
    const right = this.expression(RIGHT_ASSOCIATIVE.has(token.value) ? strength : strength + 1);
    const node = binaryNode(token.value, left, right);
    return negated ? { kind: 'unary', operator: 'not', operand: node, start: node.start, end: node.end } : node;
  }

  private comparison(first: Expression, firstToken: Token, strength: number): Expression {
    let left = first;
    let token = firstToken;
    let root: Expression | undefined;
    for (;;) {
      const right = this.expression(strength + 1);
      const compared = binaryNode(token.value, left, right);
      root = root === undefined ? compared : binaryNode('&&', root, compared);
      if (this.current.kind !== 'operator' || !CHAINED_COMPARISONS.has(this.current.value)) return root;
      left = right;
      token = this.next();
    }
  }

  private ternary(test: Expression): Expression {
    let node = test;
    while (this.accept('operator', '?')) {
      const elvis = this.is('operator', ':');
      const consequent = elvis ? node : this.expression(0);
      this.expect('operator', ':');
      const alternate = this.expression(0);
      node = { kind: 'conditional', test: node, consequent, alternate, start: node.start, end: alternate.end };
    }
    return node;
  }

  private declaration(): Expression {
    const { start } = this.next();
    const name = this.next();
    if (name.kind !== 'identifier') this.fail(`expected a variable name but found ${describeToken(name)}`, name);
    this.expect('operator', '=');
    const value = this.expression(0);
    this.expect('operator', ';');
    const body = this.sequence();
    return { kind: 'let', name: name.value, value, body, start, end: body.end };
  }

  private conditionalBlock(): Expression {
    const { start } = this.next();
    const test = this.expression(0);
    const consequent = this.block();
    this.expect('operator', 'else');
    const alternate = this.is('operator', 'if') ? this.conditionalBlock() : this.block();
    return { kind: 'conditional', test, consequent, alternate, start, end: this.previousEnd };
  }

  private block(): Expression {
    this.expect('bracket', '{');
    const body = this.sequence();
    this.expect('bracket', '}');
    return body;
  }

  private primary(): Expression {
    const token = this.current;
    const strength = token.kind === 'operator' ? UNARY_PRECEDENCE.get(token.value) : undefined;
    if (strength !== undefined) {
      this.index += 1;
      const operand = this.expression(strength);
      const operator = token.value as UnaryOperator;
      return this.postfix({ kind: 'unary', operator, operand, start: token.start, end: operand.end });
    }
    if (this.accept('bracket', '(')) {
      const inner = this.sequence();
      this.expect('bracket', ')');
      return this.postfix(inner);
    }
    if (this.predicateDepth > 0 && (this.is('operator', '#') || this.is('operator', '.'))) return this.pointer();
    if (this.accept('operator', '::')) {
      const name = this.next();
      return this.postfix(this.call(name, []));
    }
    return this.literalOrName();
  }

  /** `#`, `#index`, or `.field` for `#.field`. */
  private pointer(): Expression {
    const token = this.current;
    let name = '';
    if (this.accept('operator', '#') && this.current.kind === 'identifier' && this.current.start === token.end) {
      name = this.next().value;
    }
    const end = token.value === '.' ? token.start : this.previousEnd;
    return this.postfix({ kind: 'pointer', name, start: token.start, end });
  }

  private literalOrName(): Expression {
    const token = this.current;
    const span = { start: token.start, end: token.end };
    switch (token.kind) {
      case 'identifier':
        this.index += 1;
        if (token.value === 'true' || token.value === 'false') {
          return { kind: 'boolean', value: token.value === 'true', ...span };
        }
        if (token.value === 'nil') return { kind: 'nil', ...span };
        if (this.is('bracket', '(')) return this.postfix(this.call(token, []));
        return this.postfix({ kind: 'identifier', name: token.value, ...span });
      case 'number':
        this.index += 1;
        return numberNode(token, this.source);
      case 'string':
        this.index += 1;
        return this.postfix({ kind: 'string', value: token.value, ...span });
      default:
        if (this.is('bracket', '[')) return this.postfix(this.array());
        if (this.is('bracket', '{')) return this.postfix(this.map());
        return this.fail();
    }
  }

  private call(name: Token, piped: readonly Expression[]): Expression {
    const callee: Expression = { kind: 'identifier', name: name.value, start: name.start, end: name.end };
    const shape = PREDICATE_FUNCTIONS.get(name.value);
    const given = shape === undefined ? this.arguments() : this.predicateArguments(name, shape.slice(piped.length));
    const start = piped[0]?.start ?? name.start;
    return { kind: 'call', callee, arguments: [...piped, ...given], start, end: this.previousEnd };
  }

  private arguments(): Expression[] {
    this.expect('bracket', '(');
    return this.list(')', () => this.expression(0));
  }

  private predicateArguments(name: Token, shape: readonly ArgumentShape[]): Expression[] {
    this.expect('bracket', '(');
    const given: Expression[] = [];
    for (const part of shape) {
      if (given.length > 0 && !this.is('bracket', ')')) this.expect('operator', ',');
      if (this.is('bracket', ')')) {
        if (part.endsWith('?')) break;
        this.fail(`"${name.value}" needs another argument`);
      }
      given.push(part.startsWith('predicate') ? this.predicate() : this.expression(0));
    }
    this.accept('operator', ',');
    this.expect('bracket', ')');
    return given;
  }

  private predicate(): Expression {
    const { start } = this.current;
    const braces = this.accept('bracket', '{');
    this.predicateDepth += 1;
    const body = braces ? this.sequence() : this.expression(0);
    this.predicateDepth -= 1;
    if (braces) this.expect('bracket', '}');
    else if (this.is('operator', ';')) this.fail('wrap the predicate in "{" and "}"');
    return { kind: 'predicate', body, start, end: this.previousEnd };
  }

  private list<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.is('bracket', close)) {
      if (items.length > 0) {
        this.expect('operator', ',');
        if (this.is('bracket', close)) break;
      }
      items.push(item());
    }
    this.expect('bracket', close);
    return items;
  }

  private array(): Expression {
    const { start } = this.next();
    const elements = this.list(']', () => this.expression(0));
    return { kind: 'array', elements, start, end: this.previousEnd };
  }

  private map(): Expression {
    const { start } = this.next();
    const entries = this.list('}', () => this.mapEntry());
    return { kind: 'map', entries, start, end: this.previousEnd };
  }

  private mapEntry(): MapEntry {
    const token = this.current;
    let key: Expression;
    if (token.kind === 'number' || token.kind === 'string' || token.kind === 'identifier') {
      this.index += 1;
      key = { kind: 'string', value: token.value, start: token.start, end: token.end };
    } else if (this.is('bracket', '(')) {
      key = this.expression(0);
    } else {
      return this.fail(
        `a map key is a name, a string, a number, or an expression in parentheses, not ${describeToken(token)}`,
      );
    }
    this.expect('operator', ':');
    return { key, value: this.expression(0) };
  }

  private postfix(expression: Expression): Expression {
    let node = expression;
    for (;;) {
      if (this.is('operator', '.') || this.is('operator', '?.')) {
        const optional = this.next().value === '?.';
        node = optional && this.is('bracket', '[') ? this.subscript(node, true) : this.property(node, optional);
      } else if (this.is('bracket', '[')) {
        node = this.subscript(node, false);
      } else {
        return node;
      }
    }
  }

  private property(object: Expression, optional: boolean): Expression {
    const token = this.next();
    if ((token.kind !== 'identifier' && token.kind !== 'operator') || !IDENTIFIER.test(token.value)) {
      this.fail(`expected a name but found ${describeToken(token)}`, token);
    }
    const continued = object.kind === 'chain';
    const property: Expression = { kind: 'string', value: token.value, start: token.start, end: token.end };
    const base = continued ? object.expression : object;
    let node: Expression = { kind: 'member', object: base, property, optional, start: base.start, end: token.end };
    if (this.is('bracket', '(')) {
      node = { kind: 'call', callee: node, arguments: this.arguments(), start: base.start, end: this.previousEnd };
    }
    return continued || optional ? chainNode(node) : node;
  }

  private subscript(object: Expression, optional: boolean): Expression {
    this.expect('bracket', '[');
    const from = this.is('operator', ':') ? undefined : this.expression(0);
    if (this.accept('operator', ':')) {
      const to = this.is('bracket', ']') ? undefined : this.expression(0);
      this.expect('bracket', ']');
      return {
        kind: 'slice',
        object,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        start: object.start,
        end: this.previousEnd,
      };
    }
    if (from === undefined) return this.fail();
    this.expect('bracket', ']');
    const node: Expression = {
      kind: 'member',
      object,
      property: from,
      optional,
      start: object.start,
      end: this.previousEnd,
    };
    return optional ? chainNode(node) : node;
  }
}

function binaryNode(operator: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator: operator as BinaryOperator, left, right, start: left.start, end: right.end };
}

function chainNode(expression: Expression): Expression {
  return { kind: 'chain', expression, start: expression.start, end: expression.end };
}
