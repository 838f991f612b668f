/** How a model is trained: what the trainer calls `--bits` and `--regularization`. */
export interface Variant {
  /** Binary logarithm of the number of buckets: memory of the served model is 4 bytes for each. */
  readonly bits: number;
  /** Smaller is stronger. */
  readonly regularization: number;
}

/** Ways to train a model, by name. They compete: the best of those that ran becomes the version. */
export const variants = {
  standard: { bits: 20, regularization: 0.02 },
  compact: { bits: 16, regularization: 0.02 },
  smooth: { bits: 20, regularization: 0.005 },
} as const satisfies Readonly<Record<string, Variant>>;

export type VariantName = keyof typeof variants;

export const variantNames = ['standard', 'compact', 'smooth'] as const satisfies readonly VariantName[];

/** What a run can be asked for: one of them, or all. */
export const variantChoices = [...variantNames, 'all'] as const;

/** All settings as one text: a change of them makes another model of the same data. */
export function describeVariants(): string {
  return variantNames.map((name) => `${name}:${variants[name].bits}:${variants[name].regularization}`).join(',');
}

/** A record with one entry for each variant. */
export function forEachVariant<T>(make: (name: VariantName) => T): Readonly<Record<VariantName, T>> {
  return { standard: make('standard'), compact: make('compact'), smooth: make('smooth') };
}
