import { type Expr, input } from '../argo-workflows/language';
import type { TrainingProgram } from '../core/cluster';

/** Ways to train a model. Each kind of model says what they mean. */
export const variantNames = ['standard', 'compact', 'smooth'] as const satisfies readonly (keyof Variants)[];

type Variants = TrainingProgram['variants'];
export type VariantName = keyof Variants;

/** What a run can be asked for: one of them, or all. */
export const variantChoices = [...variantNames, 'all'] as const;

/** All settings as one text: a change of them makes another model of the same data. */
export function describeVariants({ variants }: TrainingProgram): string {
  return variantNames.map((name) => [name, ...Object.values(variants[name])].join(':')).join(',');
}

/** The settings that a step takes, by the names of the training program's options. */
export function settingInputs({ variants }: TrainingProgram) {
  return Object.fromEntries(Object.keys(variants.standard).map((name) => [name, input.number()]));
}

/** Those settings as options of the program. Their names are data, which types do not know. */
export function settingArguments<Scope extends string>(
  { variants }: TrainingProgram,
  inputs: { readonly seed: Expr<number, Scope> },
): readonly (string | Expr<number, Scope>)[] {
  const values = inputs as Readonly<Record<string, Expr<number, Scope>>>;
  return Object.keys(variants.standard).flatMap((name) => [`--${name}`, values[name] as Expr<number, Scope>]);
}

/** A record with one entry for each variant. */
export function forEachVariant<T>(make: (name: VariantName) => T): Readonly<Record<VariantName, T>> {
  return { standard: make('standard'), compact: make('compact'), smooth: make('smooth') };
}
