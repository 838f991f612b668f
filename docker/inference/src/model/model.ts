import { createFeatureHasher } from './features';
import type { ModelMetadata } from './metadata';

/** Number of equal bins of the score, as in `scoreHistogram`. */
export const SCORE_BINS = 10;

/** What one n-gram of a text added to its margin. */
export interface Contribution {
  /** A word, or two neighbouring words, lower-cased. */
  readonly text: string;
  /** Its part of the margin; above zero it speaks for positive. */
  readonly weight: number;
}

/** A model version in memory, ready to score. */
export interface Model {
  readonly metadata: ModelMetadata;
  /** `sha256:...` of the whole folder; what pins name. */
  readonly digest: string;
  readonly loadedAt: Date;
  /** Bias plus the weights of the text's features: exact, whatever the order. */
  margin(text: string): number;
  /** Calibrated probability that a text with this margin is positive. */
  probability(margin: number): number;
  /** What pushed a text, strongest first; its weights and the bias add up to the margin. */
  contributions(text: string): readonly Contribution[];
}

/** Puts metadata and weights together; checks nothing. */
export function createModel(metadata: ModelMetadata, weights: Float32Array, digest: string): Model {
  const hasher = createFeatureHasher(metadata.features.bits);
  const { bias } = metadata;
  const { slope, intercept } = metadata.calibration;
  return {
    metadata,
    digest,
    loadedAt: new Date(),
    margin: (text) => bias + hasher.sum(text, weights),
    probability(margin) {
      return 1 / (1 + Math.exp(-(slope * margin + intercept)));
    },
    contributions(text) {
      // Two n-grams in one bucket count once in the margin; the first of them is shown.
      const byBucket = new Map<number, Contribution>();
      for (const { text: ngram, bucket } of hasher.ngrams(text)) {
        const weight = weights[bucket] ?? 0;
        if (weight !== 0 && !byBucket.has(bucket)) byBucket.set(bucket, { text: ngram, weight });
      }
      return [...byBucket.values()].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    },
  };
}

/** Bin of a probability in the score histogram, 0 to 9. */
export function scoreBin(probability: number): number {
  return Math.min(SCORE_BINS - 1, Math.floor(probability * SCORE_BINS));
}
