import { ExpressionError } from './expression-error';
import type { Token } from './lexer';

/** Walks over the tokens of an expression. */
export class TokenCursor {
  protected index = 0;

  constructor(
    protected readonly source: string,
    private readonly tokens: readonly Token[],
  ) {}

  protected get current(): Token {
    return this.peek(0);
  }

  protected peek(distance: number): Token {
    const token = this.tokens[Math.min(this.index + distance, this.tokens.length - 1)];
    if (token === undefined) throw new ExpressionError('empty expression', this.source, 0);
    return token;
  }

  protected get previousEnd(): number {
    return this.tokens[this.index - 1]?.end ?? 0;
  }

  protected next(): Token {
    const token = this.current;
    this.index += 1;
    return token;
  }

  protected is(kind: Token['kind'], value: string): boolean {
    return this.current.kind === kind && this.current.value === value;
  }

  protected accept(kind: Token['kind'], value: string): boolean {
    if (!this.is(kind, value)) return false;
    this.index += 1;
    return true;
  }

  protected expect(kind: Token['kind'], value: string): void {
    if (!this.accept(kind, value)) this.fail(`expected "${value}" but found ${describeToken(this.current)}`);
  }

  protected fail(problem = `unexpected ${describeToken(this.current)}`, token = this.current): never {
    throw new ExpressionError(problem, this.source, token.start);
  }
}

/** A token as it is called in messages. */
export function describeToken(token: Token): string {
  if (token.kind === 'end') return 'the end of the expression';
  return token.kind === 'string' ? `the string "${token.value}"` : `"${token.value}"`;
}
