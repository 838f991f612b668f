import type { BinaryOperator, Expression } from './ast';
import { describeToken } from './cursor';
import { type Token, tokenize } from './lexer';
import { OperandParser } from './operands';
import { BINARY_PRECEDENCE, CHAINED_COMPARISONS, NEGATABLE, RIGHT_ASSOCIATIVE } from './operators';

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

/** A Pratt parser: operators by their strength; one instance reads one expression. */
class Parser extends OperandParser {
  private depth = 0;

  parse(): Expression {
    const expression = this.sequence();
    if (this.current.kind !== 'end') this.fail();
    return expression;
  }

  protected override sequence(): Expression {
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

  protected override expression(precedence: number): Expression {
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
}

function binaryNode(operator: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator: operator as BinaryOperator, left, right, start: left.start, end: right.end };
}
