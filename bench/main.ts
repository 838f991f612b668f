import { machine, say } from './measure';
import { benchScale } from './scale';
import { benchSynth } from './synth';

// Everything that is promised about speed, in one run.
say(machine());
say();
benchSynth();
say();
benchScale();
