import { childrenOf, type Expression } from './ast';

/** A variable that an expression reads, such as `tasks['flip-coin'].outputs.result`. */
export interface VariableReference {
  /** Its names from the first on, as far as they are constant: `['tasks', 'flip-coin', 'outputs', 'result']`. */
  readonly names: readonly string[];
  readonly start: number;
  /** An absent value is provided for: it stands left of `??` or was reached by `?.`. */
  readonly guarded: boolean;
  /** It is read only when something else holds: a branch of `a ? b : c`, or the right side of `&&`, `||` or `??`. */
  readonly conditional: boolean;
}

/** A function that an expression calls by name, such as `asInt` or `sprig.trim`. */
export interface FunctionReference {
  readonly name: string;
  readonly start: number;
}

export interface ExpressionReferences {
  readonly variables: readonly VariableReference[];
  readonly functions: readonly FunctionReference[];
}

interface Context {
  readonly guarded: boolean;
  readonly conditional: boolean;
  readonly locals: ReadonlySet<string>;
}

/** Every variable that an expression reads and every function that it calls. */
export function findReferences(expression: Expression): ExpressionReferences {
  const variables: VariableReference[] = [];
  const functions: FunctionReference[] = [];

  const visit = (node: Expression, context: Context): void => {
    const conditionally: Context = { ...context, conditional: true };
    switch (node.kind) {
      case 'identifier':
      case 'member':
        visitPath(node, context);
        return;
      case 'conditional':
        visit(node.test, context);
        visit(node.consequent, conditionally);
        visit(node.alternate, conditionally);
        return;
      case 'binary': {
        const lazy = ['&&', '||', 'and', 'or', '??'].includes(node.operator);
        visit(node.left, node.operator === '??' ? { ...context, guarded: true } : context);
        visit(node.right, lazy ? conditionally : context);
        return;
      }
      case 'let':
        visit(node.value, context);
        visit(node.body, { ...context, locals: new Set([...context.locals, node.name]) });
        return;
      case 'call':
        visitCall(node.callee, context);
        for (const argument of node.arguments) visit(argument, context);
        return;
      default:
        for (const child of childrenOf(node)) visit(child, context);
    }
  };

  const visitCall = (callee: Expression, context: Context): void => {
    if (callee.kind === 'identifier') {
      functions.push({ name: callee.name, start: callee.start });
    } else if (callee.kind === 'member') {
      const sprig = callee.object.kind === 'identifier' && callee.object.name === 'sprig';
      if (sprig && callee.property.kind === 'string') {
        functions.push({ name: `sprig.${callee.property.value}`, start: callee.start });
      } else visit(callee.object, context);
    } else visit(callee, context);
  };

  const visitPath = (node: Expression, context: Context): void => {
    const path = constantPath(node);
    for (const index of path.dynamic) visit(index, context);
    if (path.root.kind !== 'identifier') {
      visit(path.root, context);
    } else if (!context.locals.has(path.root.name)) {
      const { conditional } = context;
      const names = [path.root.name, ...path.names];
      variables.push({ names, start: path.root.start, guarded: context.guarded || path.optional, conditional });
    }
  };

  visit(expression, { guarded: false, conditional: false, locals: new Set() });
  return { variables, functions };
}

interface ConstantPath {
  readonly root: Expression;
  readonly names: readonly string[];
  readonly optional: boolean;
  /** The indices that are computed; names behind the first of them are not known. */
  readonly dynamic: readonly Expression[];
}

function constantPath(node: Expression): ConstantPath {
  if (node.kind === 'chain') return constantPath(node.expression);
  if (node.kind !== 'member') return { root: node, names: [], optional: false, dynamic: [] };
  const base = constantPath(node.object);
  const optional = base.optional || node.optional;
  if (node.property.kind !== 'string') return { ...base, optional, dynamic: [...base.dynamic, node.property] };
  if (base.dynamic.length > 0) return { ...base, optional };
  return { ...base, names: [...base.names, node.property.value], optional };
}
