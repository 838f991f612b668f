import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** A request that cannot be served, told to its sender as `{ error: { code, message, field } }`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /**
   * @param statusCode HTTP status: 4xx when the request is at fault, 503 when the server cannot serve yet
   * @param code stable word for programs
   * @param message what is wrong and what would be right, for people
   * @param field path of the value at fault in the request body, such as `texts[3]`
   */
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** What a sender is told: our own errors as they are, Fastify's by our words, everything else as a defect of ours. */
export function toApiError(error: unknown, maxBodyBytes: number): ApiError {
  if (error instanceof ApiError) return error;
  const { code, validation, validationContext, statusCode } = error as Partial<FastifyError>;
  if (validation?.[0] !== undefined) return fromValidation(validation[0], validationContext ?? 'body');
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError(413, 'body_too_large', `the request body must not be larger than ${maxBodyBytes} bytes`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError(415, 'unsupported_media_type', 'send JSON with the header content-type: application/json');
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ApiError(statusCode, 'bad_request', (error as Error).message);
  }
  return new ApiError(500, 'internal_error', 'the server made a mistake; its log tells more');
}

type ValidationProblem = NonNullable<FastifyError['validation']>[number];

function fromValidation({ instancePath, keyword, message, params }: ValidationProblem, context: string): ApiError {
  const path = instancePath
    .replace(/^\//, '')
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  const where = path || (context === 'querystring' ? 'the query' : 'the request body');
  const limit = String(params.limit);
  switch (keyword) {
    case 'required': {
      const missing = [path, String(params.missingProperty)].filter(Boolean).join('.');
      return new ApiError(400, 'invalid_request', `${missing} is missing`, missing);
    }
    case 'minLength':
    case 'pattern':
      return new ApiError(400, 'text_blank', `${where} must not be blank`, path);
    case 'maxLength':
      return new ApiError(400, 'text_too_long', `${where} must not have more than ${limit} characters`, path);
    case 'minItems':
    case 'maxItems': {
      const bound = keyword === 'minItems' ? 'at least' : 'at most';
      const code = keyword === 'minItems' ? 'invalid_request' : 'batch_too_large';
      return new ApiError(400, code, `${where} must have ${bound} ${limit} items`, path || undefined);
    }
    case 'enum': {
      const choices = (params.allowedValues as readonly unknown[]).map((value) => JSON.stringify(value)).join(' or ');
      return new ApiError(400, 'invalid_request', `${where} must be ${choices}`, path);
    }
    case 'type': {
      const type = String(params.type);
      const article = /^[aeiou]/.test(type) ? 'an' : 'a';
      return new ApiError(400, 'invalid_request', `${where} must be ${article} ${type}`, path || undefined);
    }
    default:
      return new ApiError(400, 'invalid_request', `${where} ${message ?? 'is not valid'}`, path || undefined);
  }
}

/** Body of every error reply outside the Open Inference Protocol. */
export function errorBody(error: ApiError): object {
  return {
    error: { code: error.code, message: error.message, ...(error.field !== undefined && { field: error.field }) },
  };
}

/** Answers with an error and logs those that are ours. */
export function sendError(
  log: Logger,
  maxBodyBytes: number,
  body: (error: ApiError) => object,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const told = toApiError(error, maxBodyBytes);
    if (told.statusCode === 500) log.error({ err: error, endpoint: request.routeOptions.url }, 'request failed');
    if (told.statusCode === 503) void reply.header('retry-after', '1');
    void reply.code(told.statusCode).send(body(told));
  };
}
