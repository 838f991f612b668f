import fc from 'fast-check';

// The same values at every run, so that a red run is about the change; FAST_CHECK_SEED=$RANDOM looks further.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) });
