import { STATUS_CODES } from 'node:http';
import type { FastifyServerOptions } from 'fastify';
import type { EndpointMetrics } from './metrics';

const ANSWERS: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'the request headers are too large'],
};
const MALFORMED = [400, 'bad_request', 'this is not an HTTP request'] as const;

/** Answers what is no HTTP request, which never reaches a route, and counts it as rejected. */
export function answerBrokenRequests(other: EndpointMetrics): NonNullable<FastifyServerOptions['clientErrorHandler']> {
  return (error, socket) => {
    // The client went away: nobody is there to be answered, and a route that it asked for has counted it.
    if (socket.destroyed || error.code === 'ECONNRESET' || error.code === 'HPE_INVALID_EOF_STATE') {
      socket.destroy();
      return;
    }
    const [status, code, message] = ANSWERS[error.code] ?? MALFORMED;
    other.started();
    other.finished(status, 0);
    const body = JSON.stringify({ error: { code, message } });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    else socket.destroy(error);
  };
}
