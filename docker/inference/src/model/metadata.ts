import { type Static, Type } from 'typebox';
import { Errors } from 'typebox/value';
import { SCHEME } from './features';

const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const count = Type.Integer({ minimum: 0 });

/** `model.json` of docs/model-contract.md, section 2. Members that it does not know are ignored. */
export const modelMetadata = Type.Object({
  schema: Type.Literal('cdk8s-mlops/model/v1'),
  name: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', maxLength: 63 }),
  version: Type.String({ pattern: '^v\\d+\\.\\d+\\.\\d+(-unversioned)?$' }),
  task: Type.Literal('sentiment'),
  labels: Type.Tuple([Type.Literal('negative'), Type.Literal('positive')]),
  features: Type.Object({
    scheme: Type.Literal(SCHEME),
    bits: Type.Integer({ minimum: 8, maximum: 24 }),
  }),
  weights: Type.Object({ file: Type.Literal('weights.f32'), count, sha256 }),
  bias: Type.Number({ minimum: -1024, maximum: 1024 }),
  calibration: Type.Object({ slope: Type.Number({ exclusiveMinimum: 0 }), intercept: Type.Number() }),
  metrics: Type.Object({
    accuracy: Type.Number(),
    f1: Type.Number(),
    rocAuc: Type.Number(),
    logLoss: Type.Number(),
    calibrationError: Type.Number(),
    examples: count,
  }),
  synthetic: Type.Boolean(),
  data: Type.Object({ sha256, source: Type.String(), training: count, test: count }),
  training: Type.Record(Type.String(), Type.Unknown()),
  codeRevision: Type.String(),
  scoreHistogram: Type.Array(count, { minItems: 10, maxItems: 10 }),
  golden: Type.Array(Type.Object({ text: Type.String(), margin: Type.Number(), score: Type.Number() }), {
    minItems: 1,
  }),
});

export type ModelMetadata = Static<typeof modelMetadata>;

/** A model folder that must not be served. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  /** @param problems all that is wrong, each as `WHERE: WHAT (got VALUE); FIX` */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads the text of a `model.json`.
 *
 * @param where path of the file, for messages
 * @throws {ModelError} naming every member that is missing or wrong
 */
export function parseMetadata(text: string, where: string): ModelMetadata {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelError([`${where}: is not JSON: ${(error as Error).message}; write the model version again`]);
  }
  const problems = Errors(modelMetadata, value).map(({ instancePath, message }) => {
    const path = instancePath.slice(1).replaceAll('/', '.') || 'the file';
    return `${where}: ${path} ${message} (got ${shown(valueAt(value, instancePath))}); train with a matching trainer`;
  });
  if (problems.length > 0) throw new ModelError([...new Set(problems)]);
  const metadata = value as ModelMetadata;
  const buckets = 2 ** metadata.features.bits;
  if (metadata.weights.count !== buckets) {
    const got = `got ${metadata.weights.count}`;
    throw new ModelError([`${where}: weights.count must be 2 ** features.bits = ${buckets} (${got}); train it again`]);
  }
  if (!Number.isInteger(metadata.bias * 2 ** 20)) {
    throw new ModelError([`${where}: bias must be a multiple of 2 ** -20 (got ${metadata.bias}); train it again`]);
  }
  return metadata;
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
