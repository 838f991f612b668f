import { literalProblems } from '../arguments';
import type { Inputs } from '../inputs';
import type { ParameterOutput } from '../outputs';
import { type Patch, renderPatch } from '../patch';
import { renderInputs } from '../ports';
import { type ProgramContext, programContext, renderText, type Text } from '../program';
import { checkCount } from '../quantities';
import { type Retry, renderRetry } from '../retry';
import { define, type Template } from '../template';

type Context<Scope extends string, I extends Inputs> = Pick<ProgramContext<Scope, I, Record<never, never>>, 'inputs'>;

/** The value of a header. */
export type Header<Scope extends string> =
  | Text<Scope>
  | { readonly secretKeyRef: { readonly name: string; readonly key: string } };

/** Fields of a template that sends an HTTP request. */
export interface HttpProps<Scope extends string, I extends Inputs> {
  /** What it takes. @default - nothing */
  readonly inputs?: I;
  /** Where to, values included whole or by text`...`. */
  readonly url: Text<Scope> | ((context: Context<Scope, I>) => Text<Scope>);
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** @default - none */
  readonly headers?: Readonly<Record<string, Header<Scope>>>;
  /** A JSON body; values may stand at its leaves. @default - none */
  readonly body?: (context: Context<Scope, I>) => Patch<Scope>;
  /** @default 30 */
  readonly timeoutSeconds?: number;
  /**
   * An expression on `response.statusCode`, `response.body` and `response.headers`.
   * @default - a status below 400
   */
  readonly successCondition?: string;
  /** @default - twice where the request could not be sent */
  readonly retry?: Retry | 'never';
}

/** The body of the reply. */
export type HttpOutputs = { readonly result: ParameterOutput<string, 'present', 'result'> };

/**
 * A template that sends an HTTP request from the agent of the workflow, without a pod of its own. The ServiceAccount of
 * the workflow must be allowed to list, watch and patch `workflowtasksets`.
 *
 * @param name unique in its workflow template
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/http-template/
 */
export function http<const Name extends string, const I extends Inputs = Record<never, never>>(
  name: Name,
  props: HttpProps<`http ${Name}`, I>,
): Template<I, HttpOutputs> {
  const inputs = props.inputs ?? ({} as I);
  const owner = {};
  const outputs = { result: { kind: 'parameter', source: 'result', type: 'string', valueFrom: {} } } as const;
  return define(name, inputs, outputs, {
    children: [],
    render: (surroundings) => {
      const place = { where: `http "${name}"`, owner, report: surroundings.report };
      const context = programContext(inputs, {}, owner) as unknown as Context<`http ${Name}`, I>;
      for (const problem of literalProblems(place.where, props.successCondition)) surroundings.report(problem);
      checkCount('timeoutSeconds', props.timeoutSeconds, 1, place);
      const headers = Object.entries(props.headers ?? {}).map(([header, value]) =>
        typeof value === 'object' && 'secretKeyRef' in value
          ? { name: header, valueFrom: { secretKeyRef: value.secretKeyRef } }
          : { name: header, value: renderText(value, place) },
      );
      return {
        ...renderInputs(inputs, place.where, 'program', surroundings),
        ...renderRetry(props.retry, place),
        http: {
          url: renderText(typeof props.url === 'function' ? props.url(context) : props.url, place),
          method: props.method ?? 'GET',
          timeoutSeconds: props.timeoutSeconds ?? 30,
          ...(headers.length === 0 ? {} : { headers }),
          ...(props.body === undefined ? {} : { body: renderPatch(props.body(context), place) }),
          ...(props.successCondition === undefined ? {} : { successCondition: props.successCondition }),
        },
      };
    },
  });
}
