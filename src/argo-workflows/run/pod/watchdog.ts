import { spawn } from 'node:child_process';

/**
 * Reads `+ GROUP` and `- GROUP` for process groups that begin and end. When its input ends, because the process that
 * writes it has gone in whatever way, it ends the groups that are left.
 */
const SCRIPT = `
while read -r sign group; do
  if [ "$sign" = + ]; then set -- "$@" "$group"; continue; fi
  for each do
    shift
    [ "$each" = "$group" ] || set -- "$@" "$each"
  done
done
for each do kill -s TERM -- "-$each"; done 2>/dev/null
[ $# -eq 0 ] || sleep "$GRACE"
for each do kill -s KILL -- "-$each"; done 2>/dev/null
`;

/** Ends programs that outlive this process. */
export interface Watchdog {
  readonly began: (group: number) => void;
  readonly ended: (group: number) => void;
}

let watchdog: Watchdog | undefined;

/** The one watchdog of this process; it is started when it is first needed, and ends with this process. */
export function theWatchdog(graceSeconds: number): Watchdog {
  watchdog ??= startWatchdog(graceSeconds);
  return watchdog;
}

function startWatchdog(graceSeconds: number): Watchdog {
  const child = spawn('sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH, GRACE: String(Math.ceil(graceSeconds)) },
    detached: true,
  });
  const { stdin } = child;
  const tell = (text: string): void => {
    if (stdin.writable) stdin.write(text);
  };
  // Without it, programs still end when this process ends in an orderly way.
  child.on('error', () => {});
  stdin.on('error', () => {});
  child.unref();
  (stdin as unknown as { unref: () => void }).unref();
  return { began: (group) => tell(`+ ${group}\n`), ended: (group) => tell(`- ${group}\n`) };
}
