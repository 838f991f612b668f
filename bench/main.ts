import { machine, say } from './measure';
import { benchScale } from './scale';
import { benchSynth } from './synth';
import { benchWorkflowRun } from './workflow-run';

/** Everything that is promised about speed, in one run. */
async function main(): Promise<void> {
  say(machine());
  say();
  benchSynth();
  say();
  benchScale();
  say();
  await benchWorkflowRun();
}

void main();
