import { literalProblems, renderField } from '../arguments';
import { type Expr, nodeOf } from '../expr';
import type { Inputs } from '../inputs';
import type { ParameterOutput } from '../outputs';
import { type Patch, renderPatch } from '../patch';
import { type PodProps, renderPodFields } from '../pod';
import { type ProgramContext, programContext } from '../program';
import { define, type Template } from '../template';

/** Outputs of a resource template: fields of the object. */
export type FieldOutputs = Readonly<Record<string, ParameterOutput<unknown, 'present', 'field'>>>;

/** What is done, and to what. */
type Action<Scope extends string, I extends Inputs> =
  | {
      readonly action: 'create' | 'apply' | 'replace' | 'patch';
      /** The object; values may stand at its leaves. */
      readonly manifest: (context: ProgramContext<Scope, I, Record<never, never>>) => Patch<Scope>;
      /** With `patch`, how. @default 'strategic' */
      readonly mergeStrategy?: 'strategic' | 'merge' | 'json';
    }
  | {
      readonly action: 'get' | 'delete';
      /** Which object: arguments of `kubectl`, such as `deployment/demo`. */
      readonly flags: readonly [string | Expr<string, Scope>, ...(string | Expr<string, Scope>)[]];
    };

/** Fields of a template that makes, changes or deletes a Kubernetes object. */
export type ResourceProps<Scope extends string, I extends Inputs, O extends FieldOutputs> = Omit<
  PodProps<Scope, I, O>,
  'podSpecPatch'
> &
  Action<Scope, I> & {
    /** Its Role allows exactly this, and `create` and `patch` of `workflowtaskresults`. */
    readonly serviceAccount: { readonly name: string };
    /** Conditions on fields of the object that end the step well, such as `status.phase == Succeeded`. */
    readonly successCondition?: string;
    /** Conditions that end it badly. */
    readonly failureCondition?: string;
    /** Whether the object is deleted with the workflow. @default false */
    readonly setOwnerReference?: boolean;
  };

/**
 * Argo's init container writes the manifest below /tmp, and fails where the controller gives it a read-only root. The
 * volume is one that Argo adds to every pod.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v3.7.18/workflow/executor/executor.go#L270
 */
const WRITABLE_TMP = {
  initContainers: [{ name: 'init', volumeMounts: [{ name: 'tmp-dir-argo', mountPath: '/tmp', subPath: '0' }] }],
} as const;

/**
 * A template that makes, changes or deletes a Kubernetes object.
 *
 * @param name unique in its workflow template
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/walk-through/kubernetes-resources/
 */
export function resource<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  const O extends FieldOutputs = Record<never, never>,
>(name: Name, props: ResourceProps<`resource ${Name}`, I, O>): Template<I, O> {
  const inputs = props.inputs ?? ({} as I);
  const outputs = props.outputs ?? ({} as O);
  const owner = {};
  return define(name, inputs, outputs, {
    children: [],
    render: (surroundings) => {
      const place = { where: `resource "${name}"`, owner, report: surroundings.report };
      const context = programContext(inputs, outputs, owner);
      const base = props as unknown as PodProps<string, Inputs, FieldOutputs>;
      const fields = renderPodFields({ ...base, inputs, outputs }, context, name, place, {
        ...surroundings,
        serviceAccount: props.serviceAccount.name,
      });
      const conditions = [props.successCondition, props.failureCondition];
      for (const problem of literalProblems(place.where, conditions)) surroundings.report(problem);
      return {
        ...fields,
        podSpecPatch: JSON.stringify(WRITABLE_TMP),
        resource: {
          action: props.action,
          ...('manifest' in props
            ? {
                manifest: renderPatch(
                  props.manifest(context as ProgramContext<`resource ${Name}`, I, Record<never, never>>),
                  place,
                ),
                ...(props.mergeStrategy === undefined ? {} : { mergeStrategy: props.mergeStrategy }),
              }
            : { flags: props.flags.map((flag) => renderField(nodeOf(flag), 'string', flag, place)) }),
          ...(props.successCondition === undefined ? {} : { successCondition: props.successCondition }),
          ...(props.failureCondition === undefined ? {} : { failureCondition: props.failureCondition }),
          ...(props.setOwnerReference === undefined ? {} : { setOwnerReference: props.setOwnerReference }),
        },
      };
    },
  });
}
