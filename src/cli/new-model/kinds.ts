import { textTraining } from '../../core/cluster/model-programs';

const judged = {
  gate: { metric: 'accuracy', op: '>=', value: -0.005, compareWith: 'served' },
  inferenceTest: { accuracy: 0.8, latencyMilliseconds: 250 },
};

/** What a model does, and what is written of it; all but the first have a program, in a folder of `templates/`. */
export const kinds = {
  /** Judges texts, with the platform's own programs. */
  text: { ...judged, variants: textTraining.variants, program: {}, inference: {} },
  /** Judges rows of a table. */
  tabular: {
    ...judged,
    // Some hundred rows tell an accuracy no closer: two models of the same worth would not pass.
    gate: { ...judged.gate, value: -0.02 },
    variants: { standard: { strength: 0.001 }, compact: { strength: 0.1 }, smooth: { strength: 0.01 } },
    program: {},
    inference: {},
  },
  /** Goes on with texts. */
  generation: {
    variants: {
      standard: { epochs: 1, 'learning-rate': 0.00005, 'piece-length': 128 },
      compact: { epochs: 1, 'learning-rate': 0.00005, 'piece-length': 32 },
      smooth: { epochs: 1, 'learning-rate': 0.00001, 'piece-length': 128 },
    },
    gate: { metric: 'perplexity', op: '<=', value: 0.5, compareWith: 'served' },
    // A right answer follows on its text; a processor writes some dozens of tokens in a second.
    inferenceTest: { accuracy: 1, latencyMilliseconds: 60_000 },
    program: { generation: { maximumLength: 300, temperature: 0.55, topP: 0.8, topK: 40, noRepeatNgramSize: 4 } },
    // PyTorch and a small GPT-2 have 0.4 GiB of their own, beside what they map from files; so many fit into a quota of 4.
    inference: { resources: 'medium', autoscale: { minReplicas: 2, maxReplicas: 3, cpuPercent: 70 } },
  },
};

export type Kind = keyof typeof kinds;
