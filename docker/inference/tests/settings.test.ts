import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { helpText, parseSettings, type Settings } from '../src/settings';

function settings(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Settings {
  const parsed = parseSettings(args, environment);
  return parsed.kind === 'settings' ? parsed.settings : assert.fail(JSON.stringify(parsed));
}

function errors(args: readonly string[], environment: NodeJS.ProcessEnv = {}): readonly string[] {
  const parsed = parseSettings(args, environment);
  return parsed.kind === 'errors' ? parsed.errors : assert.fail(JSON.stringify(parsed));
}

describe('settings', () => {
  test('have defaults for all but the model', () => {
    assert.deepEqual(settings(['--model', '/m']), {
      modelDirectory: '/m',
      modelDigest: undefined,
      host: '0.0.0.0',
      port: 8080,
      maxBodyBytes: 262_144,
      maxTextLength: 20_000,
      maxBatchSize: 64,
      neutralMargin: 0,
      followSeconds: 0,
      drainSeconds: 20,
      logLevel: 'info',
    });
  });

  test('come from the environment, and from flags before it', () => {
    const environment = { MODEL_DIRECTORY: '/e', NEUTRAL_MARGIN: '0.1', PORT: '1', HOST: '' };
    const { modelDirectory, neutralMargin, port, host } = settings(['--port', '9'], environment);
    assert.deepEqual([modelDirectory, neutralMargin, port, host], ['/e', 0.1, 9, '0.0.0.0']);
  });

  test('are refused all at once, each by the name it was given under', () => {
    assert.deepEqual(errors(['--port', '80x', '--log-level=loud'], { NEUTRAL_MARGIN: '0.6', MODEL_DIGEST: 'abc' }), [
      'error: --model: must be the folder of a model version (got ""); see --help',
      'error: MODEL_DIGEST: must be sha256: and 64 hexadecimal digits (got "abc"); see --help',
      'error: --port: must be a whole number from 0 to 65535 (got "80x"); see --help',
      'error: NEUTRAL_MARGIN: must be a number from 0 to 0.5 (got "0.6"); see --help',
      'error: --log-level: must be one of trace, debug, info, warn, error, silent (got "loud"); see --help',
    ]);
    assert.match(errors(['--modle', '/m'])[0] ?? '', /^error: command line: Unknown option '--modle'/);
    assert.match(errors(['/m'])[0] ?? '', /^error: command line: Unexpected argument '\/m'/);
  });

  test('--help names every flag and variable', () => {
    const parsed = parseSettings(['--help'], {});
    assert.equal(parsed.kind, 'help');
    for (const name of ['--model', '--max-batch-size', 'MAX_BATCH_SIZE', '--neutral-margin', 'DRAIN_SECONDS']) {
      assert.ok(helpText().includes(name), name);
    }
  });

  test('any number within bounds is taken as it is, any other text refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String)), (value) => {
        const parsed = parseSettings(['--model=/m', `--max-batch-size=${value}`], {});
        const isBatchSize = /^\s*\+?\d+(\.0*)?\s*$/.test(value) && Number(value) >= 1 && Number(value) <= 10_000;
        if (isBatchSize) assert.equal(parsed.kind, 'settings');
        if (parsed.kind === 'settings') assert.equal(parsed.settings.maxBatchSize, Number(value));
      }),
    );
  });
});
