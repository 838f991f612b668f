import { createColors } from 'picocolors';
import type { RunEvent } from '../../argo-workflows/run/events';
import { formatDuration } from '../../argo-workflows/run/report/duration';
import { isFailed, type RunNode } from '../../argo-workflows/run/result';

/** Shows a run while it goes on. */
export interface RunView {
  readonly add: (event: RunEvent) => void;
  /** Leaves the terminal to somebody who is asked something. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly close: () => void;
}

/** A line for everything that happens to a step, for files and CI. */
export function plainView(write: (line: string) => void, colours: boolean): RunView {
  const colour = createColors(colours);
  /** The name of the run, with which the names of all nodes begin. */
  let run = '';
  const tell = (seconds: number, name: string, text: string): void =>
    write(`${colour.dim(formatDuration(seconds).padStart(7))}  ${shortName(name, run)}  ${text}`);
  let last = 0;
  return {
    add: (event) => {
      switch (event.type) {
        case 'started':
          run ||= event.node.name;
          last = event.node.startedAt;
          if (event.node.kind === 'Pod' || event.node.kind === 'Suspend') tell(last, event.node.name, 'started');
          return;
        case 'ended':
          last = event.node.finishedAt;
          // Its last attempt has said so.
          if (event.node.kind !== 'Retry' || isFailed(event.node.phase))
            tell(last, event.node.name, endText(event.node));
          return;
        case 'waiting':
          tell(last, event.name, `waits: ${event.reason}`);
          return;
        case 'ready':
          tell(last, event.name, `ready at ${event.address}`);
          return;
        case 'log':
          write(`         ${colour.dim(`${shortName(event.name, run)} |`)} ${event.line}`);
          return;
        default:
          return;
      }
    },
    pause: () => {},
    resume: () => {},
    close: () => {},
  };

  function endText({ phase, message, startedAt, finishedAt }: RunNode): string {
    const paint = phase === 'Succeeded' ? colour.green : isFailed(phase) ? colour.red : colour.dim;
    const time = phase === 'Skipped' || phase === 'Omitted' ? '' : ` in ${formatDuration(finishedAt - startedAt)}`;
    return `${paint(phase)}${time}${message === '' ? '' : `: ${message}`}`;
  }
}

/** A node without the run, and an attempt in words. */
function shortName(name: string, run: string): string {
  const rest =
    name.startsWith(`${run}.`) || name.startsWith(`${run}[`) ? name.slice(run.length).replace(/^\./, '') : name;
  return rest.replace(/\((\d+)\)$/, (_, number: string) => (number === '0' ? '' : ` (retry ${number})`));
}
