import {
  containerSet,
  dag,
  input,
  output,
  script,
  steps,
  text,
  workflowTemplate,
} from '../../../../src/argo-workflows/language';
import { RESOURCES as resources, STAND_IN } from '../runs';
import { count, list, say, workflowAccount } from './parts';

/** Outputs that may be absent, through two levels of DAGs. */
export const conditional = workflowTemplate('conditional', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', { inputs: { go: input.boolean({ default: false }) } }, (d) => {
      const inner = dag('inner', { inputs: { go: input.boolean() } }, (i) => {
        const taken = i.taskWhen('taken', i.inputs.go.eq(false), say, { word: 'taken' });
        const skipped = i.taskWhen('skipped', i.inputs.go, say, { word: 'skipped' });
        return { taken: taken.outputs.said, skipped: skipped.outputs.said };
      });
      const { taken, skipped } = d.task('inner', inner, { go: d.inputs.go }).outputs;
      const left = d.taskWhen('left', d.inputs.go, say, { word: 'left' });
      const joined = d.task('join', say, {
        word: text`${taken.or('-')}/${skipped.or('-')}/${left.outputs.said.or('-')}`,
      });
      return { joined: joined.outputs.said, direct: skipped.or('none') };
    }),
  },
});

/** Loops over literals, numbers and lists that only the run knows, one of them empty. */
export const loops = workflowTemplate('loops', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const three = d.each('three', [1, 2, 3], count, (n) => ({ n }));
      const numbers = d.eachNumber('numbers', { start: 4, end: 5 }, count, (n) => ({ n }));
      const some = d.task('some', list, { json: '[{"id":"a"},{"id":"b c"}]' });
      const none = d.task('none', list, { json: '[]' });
      const words = d.eachOf('words', some.outputs.list, say, (item) => ({ word: item.get('id') }));
      const nothing = d.eachOf('nothing', none.outputs.list, say, (item) => ({ word: item.get('id') }));
      const size = d.task('size', say, { word: text`${nothing.outputs.said.or([]).size()}` });
      return {
        three: three.outputs.rows,
        numbers: numbers.outputs.rows,
        words: words.outputs.said.or([]),
        second: words.outputs.said.or([]).at(1).toText(),
        size: size.outputs.said,
      };
    }),
  },
});

/** Groups of steps, a template of another workflow template, a script and containers side by side in one pod. */
export const groups = workflowTemplate('groups', {
  ...workflowAccount,
  entrypoint: 'main',
  templates: {
    main: steps('main', {}, (s) => {
      const upper = script('upper', {
        image: STAND_IN,
        command: ['python3'],
        source: `import os, pathlib\npathlib.Path('/outputs/said').write_text(os.environ['WORD'].upper())\n`,
        inputs: { word: input.string() },
        outputs: { said: output.path('/outputs/said') },
        env: (c) => ({ WORD: c.inputs.word }),
        resources,
      });
      const together = containerSet('together', {
        inputs: { word: input.string() },
        outputs: { said: output.path('/shared/said') },
        containers: (c) => ({
          first: {
            image: STAND_IN,
            command: [
              'python3',
              '-c',
              `import os, pathlib; pathlib.Path('/shared/first').write_text(os.environ['WORD'])`,
            ],
            env: { WORD: c.inputs.word },
            resources,
          },
          main: {
            image: STAND_IN,
            command: [
              'python3',
              '-c',
              `import pathlib; pathlib.Path('/shared/said').write_text(pathlib.Path('/shared/first').read_text() * 2)`,
            ],
            resources,
            after: ['first'],
          },
        }),
      });
      const { foreign, shout, set } = s.group({
        foreign: s.call(conditional.templates.main, { go: true }),
        shout: s.call(upper, { word: `it's "$(quoted)" {a}` }),
        set: s.call(together, { word: 'ab' }),
      });
      const { last } = s.group({ last: s.call(say, { word: text`${foreign.outputs.joined}+${set.outputs.said}` }) });
      return { shout: shout.outputs.said, last: last.outputs.said };
    }),
  },
});
