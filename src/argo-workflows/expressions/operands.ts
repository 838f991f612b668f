import type { Expression, MapEntry, UnaryOperator } from './ast';
import { describeToken, TokenCursor } from './cursor';
import type { Token } from './lexer';
import { numberNode } from './numbers';
import { type ArgumentShape, PREDICATE_FUNCTIONS, UNARY_PRECEDENCE } from './operators';

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u;

/** Reads what operators stand between: literals, names, calls, and what follows a dot or a bracket. */
export abstract class OperandParser extends TokenCursor {
  private predicateDepth = 0;

  /** Operands joined by operators that bind at least that strongly. */
  protected abstract expression(precedence: number): Expression;

  /** Expressions with ";" between them. */
  protected abstract sequence(): Expression;

  protected primary(): Expression {
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

  protected call(name: Token, piped: readonly Expression[]): Expression {
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

  protected postfix(expression: Expression): Expression {
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

function chainNode(expression: Expression): Expression {
  return { kind: 'chain', expression, start: expression.start, end: expression.end };
}
