import { connect } from 'node:net';
import { type Fields, fieldsOf, isSet, listOf, scalarText } from '../../lint/fields';
import { RunError } from '../result';
import type { Container } from './containers';

/** Where daemons answer. */
export const ADDRESS = '127.0.0.1';
/** How often a daemon is asked; on one machine there is no need to wait as long as its probe says. */
const PERIOD_MS = 100;

/** Refuses to start a daemon on a port that something else has. @throws {RunError} */
export async function refuseTakenPort(container: Container, where: string): Promise<void> {
  const port = probedPort(container);
  if (port === undefined || !(await accepts(port))) return;
  throw new RunError(where, `port ${port} is in use on this machine`, 'end what uses it');
}

/** Waits until the readiness probe of a daemon holds; a daemon without one is ready at once. */
export async function untilReady(
  container: Container,
  signal: AbortSignal,
  run: (command: readonly string[]) => Promise<number>,
): Promise<boolean> {
  const probe = fieldsOf(container.fields.readinessProbe);
  while (!signal.aborted) {
    if (await holds(probe, container, run)) return true;
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
  }
  return false;
}

async function holds(
  probe: Fields,
  container: Container,
  run: (command: readonly string[]) => Promise<number>,
): Promise<boolean> {
  if (isSet(probe.exec)) {
    const command = listOf(fieldsOf(probe.exec).command).map((word) => scalarText(word) ?? '');
    return (await run(command)) === 0;
  }
  const port = probedPort(container);
  if (port === undefined) return true;
  if (!isSet(probe.httpGet)) return accepts(port);
  const { path, scheme, httpHeaders } = fieldsOf(probe.httpGet);
  const headers = listOf(httpHeaders).map(fieldsOf);
  try {
    const url = `${String(scheme ?? 'http').toLowerCase()}://${ADDRESS}:${port}${scalarText(path) ?? '/'}`;
    const reply = await fetch(url, {
      headers: headers.map((each): [string, string] => [String(each.name), String(each.value)]),
      redirect: 'manual',
      signal: AbortSignal.timeout(Number(probe.timeoutSeconds ?? 1) * 1000),
    });
    await reply.arrayBuffer();
    return reply.status >= 200 && reply.status < 400;
  } catch {
    return false;
  }
}

/** The port of the probe; a named one is looked up among the ports of the container. */
function probedPort(container: Container): number | undefined {
  const probe = fieldsOf(container.fields.readinessProbe);
  const port = fieldsOf(probe.httpGet ?? probe.tcpSocket).port;
  const named = listOf(container.fields.ports).map(fieldsOf);
  const number = Number(port ?? Number.NaN);
  const found = Number.isNaN(number) ? Number(named.find((each) => each.name === port)?.containerPort) : number;
  return Number.isNaN(found) ? undefined : found;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: ADDRESS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
