import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commandsOf, freePorts, type Typed, type } from './commands';

const root = resolve(__dirname, '..', '..');

/** The commands of the README, in their order. */
export const [install = '', start = '', train = '', promote = '', rollBack = ''] = commandsOf(root, 'Try it');

/** Somebody who has only just cloned this. */
export interface Newcomer {
  readonly clone: string;
  /** Clones, and finds ports for the loop. */
  readonly arrive: () => Promise<void>;
  /** Address of the page of the loop. */
  readonly page: () => string;
  /** Types a command and returns what it prints. Rejects when it fails. */
  readonly done: (command: string) => Promise<string>;
  /** Starts the loop, and returns what it prints until it is ready. */
  readonly ready: () => Promise<string>;
  /** Ends the loop as Ctrl-C does: the terminal sends the signal to all that runs in it, npm too. */
  readonly stop: (signal: NodeJS.Signals) => Promise<string>;
  /** Replaces text in a file of the clone, which must have it. */
  readonly edit: (file: string, from: string, to: string) => void;
  /** Lets the cluster laptop have a model as the scaffolding says, and commits it. */
  readonly use: (name: string, identifier: string) => Promise<void>;
  /** What the API of the loop answers. */
  readonly asked: (path: string, body?: object) => Promise<Record<string, unknown>>;
  /** Ends what runs, and leaves nothing. */
  readonly leave: () => Promise<void>;
}

export function makeNewcomer(): Newcomer {
  // Names with spaces are where scripts break.
  const home = mkdtempSync(join(tmpdir(), 'new comer-'));
  const clone = join(home, 'cdk8s-mlops');
  /** Without a name for Git, and without colours. */
  const environment = {
    ...process.env,
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    NO_COLOR: '1',
    CI: '1',
  };
  /** Of the page; that of the API is the next. */
  let port = 0;
  let loop: Typed | undefined;

  const done = async (command: string): Promise<string> => {
    const began = Date.now();
    const typed = type(command, clone, environment);
    const code = await typed.ended;
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${typed.said()}`);
    say(command, began);
    return typed.said();
  };

  const stop = async (signal: NodeJS.Signals): Promise<string> => {
    if (!loop) return '';
    const { process: leader, ended, said } = loop;
    loop = undefined;
    process.kill(-(leader.pid ?? 0), signal);
    await ended;
    return said();
  };

  const edit = (file: string, from: string, to: string): void => {
    const path = join(clone, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(path, text.replace(from, to));
  };

  return {
    clone,
    arrive: async () => {
      execFileSync('git', ['clone', '--quiet', `file://${root}`, clone]);
      port = await freePorts();
    },
    page: () => `http://127.0.0.1:${port}/`,
    done,
    stop,
    edit,
    ready: async () => {
      const began = Date.now();
      loop = type(`${start} -- --port ${port}`, clone, environment);
      await loop.until('Ready.');
      say(start, began);
      return loop.said();
    },
    use: async (name, identifier) => {
      edit(
        'src/clusters/laptop.ts',
        'import { homelab }',
        `import { ${identifier} } from '../models/${name}';\nimport { homelab }`,
      );
      const model = `...${identifier}.pipelines, approval: false },\n  inference: { ...homelab.inference, ...${identifier}.inference },`;
      edit('src/clusters/laptop.ts', 'approval: false },', model);
      await done('npm run synth');
      const who = ['-c', 'user.name=New', '-c', 'user.email=new@example.com'];
      execFileSync('git', ['add', '--all'], { cwd: clone });
      execFileSync('git', [...who, 'commit', '--quiet', '--message', `Serve ${name}`], { cwd: clone });
    },
    asked: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
      const reply = await fetch(`http://127.0.0.1:${port + 1}${path}`, request);
      return (await reply.json()) as Record<string, unknown>;
    },
    leave: async () => {
      if (loop && loop.process.exitCode === null) await stop('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Times are for people; nothing depends on them. */
function say(command: string, began: number): void {
  process.stderr.write(`${command}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}
