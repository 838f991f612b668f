import type { WriteStream } from 'node:tty';
import type { RunEvent } from '../../argo-workflows/run/events';
import { newRunTree } from '../../argo-workflows/run/report/tree';
import { treeText } from '../../argo-workflows/run/report/tree-text';
import type { RunView } from './view';

/** How often the picture changes, in milliseconds: fast enough for a clock, slow enough for a slow terminal. */
const PERIOD = 100;

/** A tree that is drawn over and over in place. */
export function liveView(stream: WriteStream, colours: boolean, now: () => number): RunView {
  const tree = newRunTree();
  let drawn = 0;
  let frame = 0;
  const draw = (height: number): void => {
    // Some terminals say 0.
    const columns = stream.columns || 80;
    const lines = treeText(tree.roots(), { colours, width: columns, height, now: now(), frame });
    const up = drawn === 0 ? '' : `\x1b[${drawn}A`;
    // One write, and no line is emptied before its new text is there, so that nothing flickers.
    stream.write(`${up}${lines.map((line) => `\r${line}\x1b[K\n`).join('')}\x1b[J`);
    drawn = lines.length;
    frame += 1;
  };
  let paused = false;
  const drawShort = (): void => draw(Math.max(4, (stream.rows || 24) - 2));
  stream.write('\x1b[?25l');
  const timer = setInterval(() => paused || drawShort(), PERIOD);
  return {
    add: (event: RunEvent) => tree.add(event),
    pause: () => {
      drawShort();
      paused = true;
      // What is said now stays; the tree begins anew below it.
      drawn = 0;
      stream.write('\x1b[?25h');
    },
    resume: () => {
      paused = false;
      stream.write('\x1b[?25l');
    },
    close: () => {
      clearInterval(timer);
      draw(Number.POSITIVE_INFINITY);
      stream.write('\x1b[?25h');
    },
  };
}
