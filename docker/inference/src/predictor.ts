import { ApiError } from './errors';
import { type Contribution, type Model, scoreBin } from './model/model';
import type { ModelSource, ServedModel } from './model/source';

export type Sentiment = 'positive' | 'negative' | 'neutral';

/** What the model says about one text. */
export interface Prediction {
  readonly sentiment: Sentiment;
  /** Calibrated probability of positive. */
  readonly probability: number;
  /** Calibrated probability of the likelier of positive and negative. */
  readonly confidence: number;
  readonly milliseconds: number;
}

export interface Predictor {
  /** @throws {ApiError} 503 before the first model is loaded */
  served(): ServedModel;
  /**
   * Scores the texts of one request and counts them.
   *
   * @param field names the text at an index in the request, for errors
   * @throws {ApiError} 400 on a text that is not well-formed; then none is counted
   */
  predict(served: ServedModel, texts: readonly string[], field: (index: number) => string): readonly Prediction[];
  /** What pushed a text, strongest first. */
  explain(model: Model, text: string): readonly Contribution[];
}

/** Most contributions in one explanation; the rest are the weakest. */
const MAX_CONTRIBUTIONS = 100;

/** @param neutralMargin texts whose probability is nearer to one half than this are neutral */
export function createPredictor(source: ModelSource, neutralMargin: number): Predictor {
  return {
    served() {
      const served = source.current();
      if (!served) throw new ApiError(503, 'model_not_loaded', 'the model is still being loaded; try again soon');
      return served;
    },

    predict({ model, metrics }, texts, field) {
      texts.forEach((text, index) => {
        requireWellFormed(text, field(index));
      });
      const predictions: Prediction[] = [];
      const start = performance.now();
      let before = start;
      for (const text of texts) {
        const probability = model.probability(model.margin(text));
        const after = performance.now();
        predictions.push({
          sentiment: sentimentOf(probability, neutralMargin),
          probability,
          confidence: Math.max(probability, 1 - probability),
          milliseconds: after - before,
        });
        before = after;
      }
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      metrics.scored(texts.length, bytes, (before - start) / 1000);
      for (const { sentiment, probability } of predictions) metrics.predicted(sentiment, scoreBin(probability));
      return predictions;
    },

    explain(model, text) {
      return model.contributions(text).slice(0, MAX_CONTRIBUTIONS);
    },
  };
}

function sentimentOf(probability: number, neutralMargin: number): Sentiment {
  if (Math.abs(probability - 0.5) < neutralMargin) return 'neutral';
  return probability >= 0.5 ? 'positive' : 'negative';
}

function requireWellFormed(text: string, field: string): void {
  if (text.includes('\0')) throw new ApiError(400, 'invalid_text', `${field} must not contain U+0000`, field);
  if (!text.isWellFormed()) throw new ApiError(400, 'invalid_text', `${field} must not contain lone surrogates`, field);
}
