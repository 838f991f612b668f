#!/usr/bin/env node
// Runs a program that must not outlive who started it, be that killed with SIGKILL:
//   spawn(process.execPath, ['bin/end-with-parent.js', COMMAND, ...ARGUMENTS], { detached: true, stdio: ['pipe', ...] })
// The kernel closes the pipe when the parent is gone. Detached, this process leads a group, which a signal to -PID reaches.
const { spawn } = require('node:child_process');

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

// The program decides how it ends; its exit code is told when it has.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
process.stdin.on('end', () => process.kill(0, 'SIGTERM'));
process.stdin.on('error', () => process.kill(0, 'SIGTERM'));
process.stdin.resume();

child.on('error', ({ code }) => {
  process.stderr.write(`error: ${command}: cannot be started (got ${code}); install it\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => {
  // As a shell tells of a signal.
  process.exit(code ?? 128 + require('node:os').constants.signals[signal]);
});
