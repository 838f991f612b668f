import { createInterface } from 'node:readline/promises';
import { createColors } from 'picocolors';
import type { Ask } from '../../argo-workflows/run/context';
import type { RunView } from './view';

/** Asks the person at the terminal, one question after the other; an answer that is not offered is asked for again. */
export function askAtTerminal(view: RunView, colours: boolean): Ask {
  const colour = createColors(colours);
  return async ({ template, questions }, signal) => {
    view.pause();
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    // It takes Ctrl-C for itself.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const answers: Record<string, string> = {};
    try {
      if (questions.length === 0) await lines.question(`${colour.bold(template)}: press Enter to go on `, { signal });
      for (const { name, description, choices, usual } of questions) {
        const offer = choices.length > 0 ? ` ${colour.dim(choices.join(' / '))}` : '';
        const fallback = usual === undefined ? '' : ` ${colour.dim(`[${usual}]`)}`;
        const about = description === '' ? name : `${name} ${colour.dim(`(${description})`)}`;
        for (;;) {
          const typed = (
            await lines.question(`${colour.bold(template)} ${about}${offer}${fallback}: `, { signal })
          ).trim();
          const text = typed === '' ? (usual ?? '') : typed;
          if (choices.length > 0 ? !choices.includes(text) : text === '' && usual === undefined) continue;
          answers[name] = text;
          break;
        }
      }
      return answers;
    } catch (error) {
      if (!signal.aborted) throw error;
      return undefined;
    } finally {
      lines.close();
      view.resume();
    }
  };
}
