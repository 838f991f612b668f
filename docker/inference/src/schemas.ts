import { type Static, type TSchema, Type } from 'typebox';

/** Limits that a deployment may set; they are part of the schemas, and so of `/openapi.json`. */
export interface Limits {
  /** Longest text in characters (Unicode code points). */
  readonly maxTextLength: number;
  /** Most texts in one request. */
  readonly maxBatchSize: number;
}

function text(limits: Limits) {
  return Type.String({
    minLength: 1,
    maxLength: limits.maxTextLength,
    pattern: '\\S',
    description: 'Text to score: not blank, without U+0000 and lone surrogates.',
  });
}

/** Body of `POST /predict`. */
export function predictRequest(limits: Limits) {
  return Type.Object({ text: text(limits) });
}
export type PredictRequest = Static<ReturnType<typeof predictRequest>>;

/** Body of `POST /predict/batch`. */
export function batchRequest(limits: Limits) {
  return Type.Object({ texts: Type.Array(text(limits), { minItems: 1, maxItems: limits.maxBatchSize }) });
}
export type BatchRequest = Static<ReturnType<typeof batchRequest>>;

/** Query of both. */
export const explainQuery = Type.Object({
  explain: Type.Optional(
    Type.Enum(['true', 'false'], { description: '`true` adds `contributions` to each prediction; slower.' }),
  ),
});
export type ExplainQuery = Static<typeof explainQuery>;

export const contribution = Type.Object({
  text: Type.String({ description: 'A word or two neighbouring words of the text, lower-cased.' }),
  weight: Type.Number({
    description: "Its part of the model's margin; above zero it speaks for positive, below for negative.",
  }),
});

export const prediction = Type.Object({
  text: Type.String({ description: 'The text as it was sent.' }),
  sentiment: Type.Enum(['positive', 'negative', 'neutral']),
  confidence: Type.Number({
    description: 'Calibrated probability of the likelier of positive and negative, 0.5 to 1.',
  }),
  processing_time_ms: Type.Number({ description: 'Milliseconds that scoring took.' }),
  timestamp: Type.String({ format: 'date-time', description: 'When it was scored, in UTC.' }),
  model_version: Type.String(),
  contributions: Type.Optional(
    Type.Array(contribution, { description: 'With `explain=true`: what pushed the prediction, strongest first.' }),
  ),
});
export type PredictionReply = Static<typeof prediction>;

/** The same for a text without anything that JSON escapes, in which nothing is looked for then. */
export const plainPrediction = {
  ...prediction,
  // https://github.com/fastify/fast-json-stringify#unsafe
  properties: { ...prediction.properties, text: { type: 'string', format: 'unsafe' } },
};

export const batchReply = Type.Object({
  predictions: Type.Array(prediction, { description: 'One per text, in the same order.' }),
  total_processing_time_ms: Type.Number(),
});
export type BatchReply = Static<typeof batchReply>;

export const errorReply = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'Stable word for programs.' }),
    message: Type.String({ description: 'For people.' }),
    field: Type.Optional(Type.String({ description: 'The value at fault, such as `texts[3]`.' })),
  }),
});

/** Replies that every scoring endpoint can give besides its own. */
export function errorReplies(body: TSchema): Readonly<Record<number, TSchema>> {
  const described = (description: string) => ({ ...body, description });
  return {
    400: described('The request is not valid.'),
    413: described('The request is too large.'),
    415: described('The request is not JSON.'),
    503: described('No model is loaded yet.'),
  };
}
