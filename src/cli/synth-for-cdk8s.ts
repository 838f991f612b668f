import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { clusters } from '../clusters';
import { parseYaml } from '../core/yaml';
import { paths, root } from './project';
import { render } from './render';
import type { ExitCode } from './report';
import { synth } from './synth';

/**
 * What the cdk8s CLI asks for with `CDK8S_OUTDIR`, a folder that it deletes before it runs the app:
 *
 * - the `output` of cdk8s.yaml, its default: `dist/` is published as always, then copied there;
 * - the CLI's own folder in the system's temporary one, which `--stdout` means: one file, because it streams several
 *   concurrently and mixes them;
 * - any other: written there, and nowhere else.
 */
export async function synthForCdk8s(outdir: string | undefined): Promise<ExitCode> {
  if (outdir === undefined || isConfiguredOutput(outdir)) {
    const code = await synth({});
    if (code === 0 && outdir !== undefined) cpSync(paths.dist, resolve(root, outdir), { recursive: true });
    return code;
  }
  const { files } = render(clusters);
  const target = resolve(outdir);
  mkdirSync(target, { recursive: true });
  if (isForStdout(target)) {
    const manifests = files.filter(({ path }) => path.endsWith('.yaml') && !path.includes('/bootstrap/'));
    writeFileSync(join(target, 'manifests.yaml'), manifests.map(({ content }) => content).join(''));
    return 0;
  }
  for (const { path, content } of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), content);
  }
  return 0;
}

function isConfiguredOutput(outdir: string): boolean {
  const configuration = parseYaml(readFileSync(join(root, 'cdk8s.yaml'), 'utf8'));
  const output =
    typeof configuration === 'object' && configuration !== null && 'output' in configuration && configuration.output;
  return typeof output === 'string' && resolve(root, output) === resolve(root, outdir);
}

/** Such as `/tmp/cdk8s-a1B2c3`; a project may itself lie below the temporary folder. */
function isForStdout(folder: string): boolean {
  return basename(folder).startsWith('cdk8s-') && realpathSync(dirname(folder)) === realpathSync(tmpdir());
}
