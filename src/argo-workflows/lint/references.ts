import type { Expression } from '../expressions/ast';
import { ExpressionError } from '../expressions/expression-error';
import { parseExpression } from '../expressions/parser';
import { type FunctionReference, findReferences } from '../expressions/references';
import { hasTags, splitTags } from '../expressions/tags';
import type { WorkflowObject } from './model';
import { type Site, sitesOf } from './sites';

/** One use of a variable in a workflow. */
export interface Reference {
  readonly site: Site;
  readonly names: readonly string[];
  /** As written: `{{tasks.a.outputs.result}}` or the path within an expression. */
  readonly written: string;
  /** Stands in a `{{= }}` or in a field that is an expression. */
  readonly inExpression: boolean;
  /** See `VariableReference`; a plain tag is neither. */
  readonly guarded: boolean;
  readonly conditional: boolean;
  /** The tag is the whole text, so that an absent value can be left to the default of the input. */
  readonly isWhole: boolean;
}

/** An expression in a workflow that parses. */
export interface ParsedExpression {
  readonly site: Site;
  readonly source: string;
  readonly expression: Expression;
  readonly functions: readonly FunctionReference[];
}

/** An expression in a workflow that does not parse. */
export interface BrokenExpression {
  readonly site: Site;
  readonly error: ExpressionError;
}

export interface WorkflowReferences {
  readonly references: readonly Reference[];
  readonly expressions: readonly ParsedExpression[];
  readonly broken: readonly BrokenExpression[];
}

const PREFIX_WITH_DOTTED_NAME = /^(workflow\.(?:labels|annotations|outputs\.parameters|outputs\.artifacts))\.(.+)$/;

/** Labels and annotations have dots in their names. */
function splitName(name: string): readonly string[] {
  const [, prefix = '', rest = ''] = PREFIX_WITH_DOTTED_NAME.exec(name) ?? [];
  return prefix === '' ? name.split('.') : [...prefix.split('.'), rest];
}

const cache = new WeakMap<WorkflowObject, WorkflowReferences>();

/** Every variable and expression of a workflow; computed once per workflow. */
export function referencesOf(workflow: WorkflowObject): WorkflowReferences {
  const known = cache.get(workflow);
  if (known !== undefined) return known;
  const found = findAll(workflow);
  cache.set(workflow, found);
  return found;
}

function findAll(workflow: WorkflowObject): WorkflowReferences {
  const references: Reference[] = [];
  const expressions: ParsedExpression[] = [];
  const broken: BrokenExpression[] = [];

  const readExpression = (site: Site, source: string, isWhole: boolean): void => {
    try {
      const expression = parseExpression(source);
      const { variables, functions } = findReferences(expression);
      expressions.push({ site, source, expression, functions });
      for (const { names, guarded, conditional } of variables) {
        references.push({ site, names, written: names.join('.'), inExpression: true, guarded, conditional, isWhole });
      }
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      broken.push({ site, error });
    }
  };

  for (const site of sitesOf(workflow)) {
    // Tags inside an expression field are filled in first: what it says is known only then.
    if (site.isExpression && !hasTags(site.text)) {
      readExpression(site, site.text, true);
      continue;
    }
    const parts = splitTags(site.text);
    for (const part of parts) {
      if (part.kind === 'expression') {
        readExpression(site, part.source, parts.length === 1);
      } else if (part.kind === 'variable') {
        // Of nested tags, `{{a.{{b}}}}`, only the inner one is known before the run.
        const name = part.name.split('{{').at(-1)?.trim() ?? '';
        references.push({
          site,
          names: splitName(name),
          written: `{{${name}}}`,
          inExpression: false,
          guarded: false,
          conditional: false,
          isWhole: parts.length === 1,
        });
      }
    }
  }
  return { references, expressions, broken };
}
