import { withLock } from '../../src/render/lock';

// Takes the lock, says so, and keeps it until it is killed; says why when it does not get it.
const [file = ''] = process.argv.slice(2);
setInterval(() => undefined, 60_000);
withLock(file, () => {
  process.stdout.write('locked\n');
  return new Promise(() => undefined);
}).catch((error: Error) => {
  process.stdout.write(`${error.message}\n`);
  process.exit(1);
});
