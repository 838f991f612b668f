import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { say } from '../kubectl';

/** Numbers that a run of the loop measured, for people and for comparison. */
export class Report {
  private readonly rows: { readonly what: string; readonly value: string; readonly goal: string }[] = [];

  /** Remembers seconds, and the goal where there is one. */
  seconds(what: string, value: number, goal?: number): void {
    const rounded = Math.round(value * 10) / 10;
    this.add(what, `${rounded} s`, goal === undefined ? '' : `under ${goal} s: ${value < goal ? 'reached' : 'missed'}`);
  }

  add(what: string, value: string, goal = ''): void {
    this.rows.push({ what, value, goal });
    say(`  ${what}: ${value}${goal ? ` (${goal})` : ''}`);
  }

  /** Writes `.local/e2e/report.md`. */
  write(): void {
    const folder = resolve('.local', 'e2e');
    mkdirSync(folder, { recursive: true });
    const lines = this.rows.map(({ what, value, goal }) => `| ${what} | ${value} | ${goal} |`);
    const text = ['# The loop on a cluster', '', '| what | seen | goal |', '| --- | --- | --- |', ...lines, ''].join(
      '\n',
    );
    writeFileSync(join(folder, 'report.md'), text);
    say(`\n${text}\nwritten to ${join(folder, 'report.md')}`);
  }
}

/** Seconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
