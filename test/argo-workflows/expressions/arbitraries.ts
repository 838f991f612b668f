import fc from 'fast-check';
import type { BinaryOperator, Expression, UnaryOperator } from '../../../src/argo-workflows/expressions/ast';
import type { Depends } from '../../../src/argo-workflows/expressions/depends';
import { TASK_RESULTS } from '../../../src/argo-workflows/expressions/depends';

const AT = { start: 0, end: 0 };

const BINARY_OPERATORS: readonly BinaryOperator[] = [
  ...(['or', '||', 'and', '&&', '==', '!=', '<', '>', '>=', '<=', 'in', 'matches'] as const),
  ...(['contains', 'startsWith', 'endsWith', '..', '+', '-', '*', '/', '%', '**', '^', '??'] as const),
];
const UNARY_OPERATORS: readonly UnaryOperator[] = ['not', '!', '-', '+'];

const name = fc.constantFrom('a', 'inputs', 'tasks', 'x1', '_y', 'größe');
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('flip-coin', 'name', "it's", 'a\\b', 'line\nbreak'));

/** Any expression that the parser can give, without positions. */
export const expressions: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => {
  const node = tie('node');
  const leaf = fc.oneof(
    fc.constant<Expression>({ kind: 'nil', ...AT }),
    fc.boolean().map((value): Expression => ({ kind: 'boolean', value, ...AT })),
    fc
      .bigInt({ min: 0n, max: 9_000_000_000_000_000_000n })
      .map((value): Expression => ({ kind: 'integer', value, ...AT })),
    fc
      .double({ min: 0, noNaN: true, noDefaultInfinity: true })
      .map((value): Expression => ({ kind: 'float', value, ...AT })),
    text.map((value): Expression => ({ kind: 'string', value, ...AT })),
    name.map((value): Expression => ({ kind: 'identifier', name: value, ...AT })),
  );
  const predicate = node.map((body): Expression => ({ kind: 'predicate', body, ...AT }));
  return {
    node: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      leaf,
      fc
        .tuple(fc.constantFrom(...UNARY_OPERATORS), node)
        .map(([operator, operand]): Expression => ({ kind: 'unary', operator, operand, ...AT })),
      fc
        .tuple(fc.constantFrom(...BINARY_OPERATORS), node, node)
        .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right, ...AT })),
      fc
        .tuple(node, node, node)
        .map(
          ([test, consequent, alternate]): Expression => ({ kind: 'conditional', test, consequent, alternate, ...AT }),
        ),
      fc.tuple(node, node, fc.boolean()).map(([object, property, optional]): Expression => {
        const member: Expression = { kind: 'member', object, property, optional, ...AT };
        return optional ? { kind: 'chain', expression: member, ...AT } : member;
      }),
      fc.tuple(node, node, node).map(([object, from, to]): Expression => ({ kind: 'slice', object, from, to, ...AT })),
      fc.tuple(name, fc.array(node, { maxLength: 2 })).map(
        ([callee, values]): Expression => ({
          kind: 'call',
          callee: { kind: 'identifier', name: callee, ...AT },
          arguments: values,
          ...AT,
        }),
      ),
      fc.tuple(node, predicate).map(
        (values): Expression => ({
          kind: 'call',
          callee: { kind: 'identifier', name: 'filter', ...AT },
          arguments: values,
          ...AT,
        }),
      ),
      fc.array(node, { maxLength: 3 }).map((elements): Expression => ({ kind: 'array', elements, ...AT })),
      fc.array(fc.tuple(text, node), { maxLength: 2 }).map(
        (entries): Expression => ({
          kind: 'map',
          entries: entries.map(([key, value]) => ({ key: { kind: 'string', value: key, ...AT }, value })),
          ...AT,
        }),
      ),
      fc
        .tuple(name, node, node)
        .map(([variable, value, body]): Expression => ({ kind: 'let', name: variable, value, body, ...AT })),
    ),
  };
}).node;

/** Any `depends`, without positions. */
export const dependsTrees: fc.Arbitrary<Depends> = fc.letrec<{ node: Depends }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc
      .tuple(fc.constantFrom('a', 'flip-coin', 'B2', 'x-1-y'), fc.option(fc.constantFrom(...TASK_RESULTS)))
      .map(
        ([task, result]): Depends => ({ kind: 'task', name: task, ...(result === null ? {} : { result }), start: 0 }),
      ),
    tie('node').map((operand): Depends => ({ kind: 'not', operand })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), tie('node'), tie('node'))
      .map(([kind, left, right]): Depends => ({ kind, left, right })),
  ),
})).node;
