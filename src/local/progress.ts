import pc from 'picocolors';

const REDRAW_MILLISECONDS = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Tells what a step is at. */
export type Note = (text: string) => void;

/** Shows people what long work is at: lines that change on a terminal, a line for each beginning and end elsewhere. */
export interface Progress {
  /** Runs a step and shows it; steps may run side by side. */
  readonly step: <T>(name: string, work: (note: Note) => Promise<T>) => Promise<T>;
}

interface Active {
  readonly name: string;
  readonly began: number;
  note: string;
}

/** Where progress is shown. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

export function createProgress(screen: Screen = process.stderr): Progress {
  return { step: screen.isTTY ? liveSteps(screen) : plainSteps(screen) };
}

function plainSteps(screen: Screen): Progress['step'] {
  return async (name, work) => {
    const began = Date.now();
    screen.write(`${name} ...\n`);
    const result = await work((note) => screen.write(`  ${name}: ${note}\n`));
    screen.write(`${name}: done after ${seconds(began)}\n`);
    return result;
  };
}

function liveSteps(screen: Screen): Progress['step'] {
  const active = new Set<Active>();
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Writes lines that stay, and the steps at work below them. */
  const draw = (lasting = ''): void => {
    const width = screen.columns ?? 80;
    const lines = [...active].map(({ name, began, note }) => {
      const text = `${FRAMES[frame % FRAMES.length]} ${name}  ${seconds(began)}${note === '' ? '' : `  ${note}`}`;
      return `${text.slice(0, width - 1)}\n`;
    });
    screen.write(`${drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : ''}${lasting}${lines.join('')}`);
    drawn = lines.length;
  };

  return async (name, work) => {
    const step: Active = { name, began: Date.now(), note: '' };
    active.add(step);
    timer ??= setInterval(() => {
      frame += 1;
      draw();
    }, REDRAW_MILLISECONDS);
    draw();
    let lasting = '';
    try {
      const result = await work((note) => {
        step.note = note;
      });
      lasting = `${pc.green('✓')} ${name}  ${pc.dim(seconds(step.began))}\n`;
      return result;
    } finally {
      active.delete(step);
      draw(lasting);
      if (active.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    }
  };
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
