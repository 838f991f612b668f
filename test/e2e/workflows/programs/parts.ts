import { z } from 'zod';
import { container, input, output } from '../../../../src/argo-workflows/language';
import { RESOURCES as resources, STAND_IN } from '../runs';

/** A program in Python, run once. */
export const python = (source: string) =>
  ({ image: STAND_IN, command: ['python3', '-c', source], resources, retry: 'never' }) as const;
export const workflowAccount = { serviceAccount: { name: 'workflow' } } as const;

/** Writes its first argument into the file of its output. */
export const ECHO = `import pathlib, sys; pathlib.Path('/outputs/said').write_text(sys.argv[1])`;

/** Gives its argument as output. */
export const say = container('say', {
  ...python(ECHO),
  inputs: { word: input.string() },
  outputs: { said: output.path('/outputs/said') },
  args: (c) => [c.inputs.word],
});
export const fail = container('fail', {
  ...python('import sys; sys.exit(3)'),
  outputs: { said: output.path('/outputs/said') },
});
export const count = container('count', {
  ...python(`import pathlib, sys; pathlib.Path('/outputs/rows').write_text(str(10 * int(sys.argv[1])))`),
  inputs: { n: input.int() },
  outputs: { rows: output.int('/outputs/rows') },
  args: (c) => [c.inputs.n],
});
export const list = container('list', {
  ...python(`import pathlib, sys; pathlib.Path('/outputs/list').write_text(sys.argv[1])`),
  inputs: { json: input.string() },
  outputs: { list: output.json('/outputs/list', z.array(z.object({ id: z.string() }))) },
  args: (c) => [c.inputs.json],
});
