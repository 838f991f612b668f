/**
 * The Open Inference Protocol, version 2, for the same model.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Static, Type } from 'typebox';
import packageJson from '../../package.json';
import { ApiError, sendError } from '../errors';
import type { ServedModel } from '../model/source';
import type { Prediction, Predictor } from '../predictor';
import { errorReplies, type Limits } from '../schemas';

const INPUT = 'text';

const outputNames = ['sentiment', 'confidence', 'probability'] as const;
type OutputName = (typeof outputNames)[number];

interface Output {
  readonly datatype: 'BYTES' | 'FP64';
  readonly value: (prediction: Prediction) => string | number;
}

const outputs: Readonly<Record<OutputName, Output>> = {
  sentiment: { datatype: 'BYTES', value: (prediction) => prediction.sentiment },
  confidence: { datatype: 'FP64', value: (prediction) => prediction.confidence },
  probability: { datatype: 'FP64', value: (prediction) => prediction.probability },
};

const errorText = Type.Object({ error: Type.String() });
const shape = Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 2 });

const inferRequest = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 256 })),
  inputs: Type.Array(
    Type.Object({
      name: Type.String(),
      shape,
      datatype: Type.Literal('BYTES'),
      data: Type.Array(Type.Unknown(), { description: 'Texts, flat or one in each row.' }),
    }),
    { minItems: 1, maxItems: 1 },
  ),
  outputs: Type.Optional(
    Type.Array(Type.Object({ name: Type.Enum([...outputNames]) }), { minItems: 1, maxItems: outputNames.length }),
  ),
});

const inferReply = Type.Object({
  model_name: Type.String(),
  model_version: Type.String(),
  id: Type.Optional(Type.String()),
  outputs: Type.Array(
    Type.Object({
      name: Type.String(),
      datatype: Type.String(),
      shape: Type.Array(Type.Integer()),
      data: Type.Array(Type.Union([Type.String(), Type.Number()])),
    }),
  ),
});

const tensorMetadata = Type.Object({
  name: Type.String(),
  datatype: Type.String(),
  shape: Type.Array(Type.Integer()),
});
const modelReply = Type.Object({
  name: Type.String(),
  versions: Type.Array(Type.String()),
  platform: Type.String(),
  inputs: Type.Array(tensorMetadata),
  outputs: Type.Array(tensorMetadata),
});

interface ModelPath {
  readonly model: string;
  readonly version?: string;
}

/** Everything under `/v2`; registered with that prefix. */
export function openInferenceRoutes(
  app: FastifyInstance,
  predictor: Predictor,
  limits: Limits,
  maxBodyBytes: number,
  isDraining: () => boolean,
  log: Logger,
): void {
  app.setErrorHandler(sendError(log, maxBodyBytes, ({ message }) => ({ error: message })));
  const tags = ['open inference protocol'];

  app.get('/', { schema: { summary: 'Server metadata', tags } }, () => ({
    name: packageJson.name,
    version: packageJson.version,
    extensions: [],
  }));
  app.get('/health/live', { schema: { summary: 'Server live', tags } }, () => ({ live: true }));
  app.get('/health/ready', { schema: { summary: 'Server ready', tags } }, () => {
    predictor.served();
    if (isDraining()) throw new ApiError(503, 'draining', 'the server is stopping');
    return { ready: true };
  });

  for (const path of ['/models/:model', '/models/:model/versions/:version']) {
    app.get<{ Params: ModelPath }>(
      path,
      { schema: { summary: 'Model metadata', tags, response: { 200: modelReply, 404: errorText, 503: errorText } } },
      ({ params }) => {
        const { name, version } = named(predictor, params).model.metadata;
        const described = outputNames.map((output) => ({
          name: output,
          datatype: outputs[output].datatype,
          shape: [-1],
        }));
        return {
          name,
          versions: [version],
          platform: packageJson.name,
          inputs: [{ name: INPUT, datatype: 'BYTES', shape: [-1] }],
          outputs: described,
        };
      },
    );

    app.get<{ Params: ModelPath }>(`${path}/ready`, { schema: { summary: 'Model ready', tags } }, ({ params }) => ({
      name: named(predictor, params).model.metadata.name,
      ready: true,
    }));

    app.post<{ Params: ModelPath; Body: Static<typeof inferRequest> }>(
      `${path}/infer`,
      {
        schema: {
          summary: 'Inference',
          tags,
          body: inferRequest,
          response: { 200: inferReply, 404: errorText, ...errorReplies(errorText) },
        },
      },
      ({ params, body }): Static<typeof inferReply> => {
        const served = named(predictor, params);
        const [input] = body.inputs;
        const texts = textsOf(input, limits);
        const predictions = predictor.predict(served, texts, (index) => `inputs[0].data[${index}]`);
        const wanted = body.outputs?.map((output) => output.name) ?? outputNames;
        return {
          model_name: served.model.metadata.name,
          model_version: served.model.metadata.version,
          ...(body.id !== undefined && { id: body.id }),
          outputs: wanted.map((name) => ({
            name,
            datatype: outputs[name].datatype,
            shape: [texts.length],
            data: predictions.map(outputs[name].value),
          })),
        };
      },
    );
  }
}

/** @throws {ApiError} 404 if another model, or another version of it, is served */
function named(predictor: Predictor, { model, version }: ModelPath): ServedModel {
  const served = predictor.served();
  const { metadata } = served.model;
  if (metadata.name === model && (version === undefined || metadata.version === version)) return served;
  const asked = version === undefined ? model : `${model} ${version}`;
  throw new ApiError(404, 'model_not_found', `${asked} is not served here; ${metadata.name} ${metadata.version} is`);
}

function textsOf(input: Static<typeof inferRequest>['inputs'][number] | undefined, limits: Limits): readonly string[] {
  const invalid = (what: string) => new ApiError(400, 'invalid_request', what);
  if (input?.name !== INPUT) throw invalid(`inputs[0].name must be ${JSON.stringify(INPUT)}`);
  const texts: readonly unknown[] = input.data.flat();
  const expected = input.shape.reduce((product, size) => product * size, 1);
  if (texts.length !== expected) {
    throw invalid(`inputs[0].data must have the ${expected} texts that its shape states (got ${texts.length})`);
  }
  if (texts.length === 0 || texts.length > limits.maxBatchSize) {
    throw invalid(`inputs[0].data must have 1 to ${limits.maxBatchSize} texts (got ${texts.length})`);
  }
  return texts.map((text, index) => {
    const field = `inputs[0].data[${index}]`;
    if (typeof text !== 'string') throw invalid(`${field} must be a string`);
    if (text.trim() === '') throw invalid(`${field} must not be blank`);
    // Code points are at most as many as UTF-16 code units: the cheap test comes first.
    if (text.length > limits.maxTextLength && [...text].length > limits.maxTextLength) {
      throw invalid(`${field} must not have more than ${limits.maxTextLength} characters`);
    }
    return text;
  });
}
