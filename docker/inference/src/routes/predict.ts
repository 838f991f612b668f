import type { FastifyInstance } from 'fastify';
import type { Model } from '../model/model';
import type { Prediction, Predictor } from '../predictor';
import {
  type BatchReply,
  type BatchRequest,
  batchReply,
  batchRequest,
  type ExplainQuery,
  errorReplies,
  errorReply,
  explainQuery,
  type Limits,
  type PredictionReply,
  type PredictRequest,
  plainPrediction,
  prediction,
  predictRequest,
} from '../schemas';

const JSON_TYPE = 'application/json; charset=utf-8';

/** `POST /predict` and `POST /predict/batch`. */
export function predictRoutes(app: FastifyInstance, predictor: Predictor, limits: Limits): void {
  app.post<{ Body: PredictRequest; Querystring: ExplainQuery }>(
    '/predict',
    {
      schema: {
        summary: 'Sentiment of one text',
        tags: ['prediction'],
        body: predictRequest(limits),
        querystring: explainQuery,
        response: { 200: prediction, ...errorReplies(errorReply) },
      },
    },
    ({ body: { text }, query, isPlain }, reply) => {
      const served = predictor.served();
      const [predicted] = predictor.predict(served, [text], () => 'text') as [Prediction];
      const answer = answerTo(predictor, served.model, text, predicted, query.explain === 'true');
      if (isPlain) reply.type(JSON_TYPE).serializer(reply.compileSerializationSchema(plainPrediction));
      return answer;
    },
  );

  app.post<{ Body: BatchRequest; Querystring: ExplainQuery }>(
    '/predict/batch',
    {
      schema: {
        summary: 'Sentiment of many texts',
        tags: ['prediction'],
        body: batchRequest(limits),
        querystring: explainQuery,
        response: { 200: batchReply, ...errorReplies(errorReply) },
      },
    },
    ({ body: { texts }, query }): BatchReply => {
      const served = predictor.served();
      const predicted = predictor.predict(served, texts, (index) => `texts[${index}]`);
      const explained = query.explain === 'true';
      return {
        predictions: predicted.map((one, index) =>
          answerTo(predictor, served.model, texts[index] ?? '', one, explained),
        ),
        total_processing_time_ms: microseconds(predicted.reduce((sum, one) => sum + one.milliseconds, 0)),
      };
    },
  );
}

function answerTo(
  predictor: Predictor,
  model: Model,
  text: string,
  predicted: Prediction,
  explained: boolean,
): PredictionReply {
  const plain = {
    text,
    sentiment: predicted.sentiment,
    confidence: predicted.confidence,
    processing_time_ms: microseconds(predicted.milliseconds),
    timestamp: now(),
    model_version: model.metadata.version,
  };
  return explained ? { ...plain, contributions: [...predictor.explain(model, text)] } : plain;
}

/** Milliseconds rounded to whole microseconds. */
function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

let lastMillisecond = 0;
let lastTimestamp = '';

/** The time in ISO 8601; formatted once per millisecond, since many requests share one. */
function now(): string {
  const millisecond = Date.now();
  if (millisecond !== lastMillisecond) {
    lastMillisecond = millisecond;
    lastTimestamp = new Date(millisecond).toISOString();
  }
  return lastTimestamp;
}
