import { z } from 'zod';
import { generation, generationEnvironment } from './generation';
import { argument, checked, matches } from './values';

/** A program of an image: the words that call it, without a shell. */
const program = {
  /** Name of its image in `src/clusters/<cluster>.images.json`. */
  image: z.string(),
  argv: z.tuple([argument], argument).readonly(),
};

/** What the training program takes as options of these names, `--bits 20`. */
const settings = z.record(
  checked(
    matches(
      /^(?!(data|model|name|output|results|seed|variant)$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
      'is no name of a setting',
    ),
    'write a name such as learning-rate, and none that the step has already',
  ),
  z.number(),
);

/** What fetches, trains, evaluates and probes; `docs/step-contract.md` says what it is called with. */
export const trainingProgram = z.strictObject({
  ...program,
  /** Ways to train, all with the same settings. They compete: the best of those that ran becomes the version. */
  variants: z.strictObject({ standard: settings, compact: settings, smooth: settings }),
});

/** What serves the folder of a version; `docs/model-contract.md` says how. */
export const servingProgram = z.strictObject({
  ...program,
  /**
   * How it writes, for a program that generates text.
   * @default - it generates none
   */
  generation: generation.optional(),
});

export type TrainingProgram = z.output<typeof trainingProgram>;
export type ServingProgram = z.output<typeof servingProgram>;

/** What a serving program reads from its environment, wherever it runs. */
export function servingEnvironment({ generation }: ServingProgram): Readonly<Record<string, string>> {
  return generation ? generationEnvironment(generation) : {};
}

/** Sentiment of texts: 2^bits weights of 4 bytes; a smaller regularization is a stronger one. */
export const textTraining: TrainingProgram = {
  image: 'trainer',
  argv: ['python', '-m', 'trainer'],
  variants: {
    standard: { bits: 20, regularization: 0.02 },
    compact: { bits: 16, regularization: 0.02 },
    smooth: { bits: 20, regularization: 0.005 },
  },
};

export const textServing: ServingProgram = { image: 'inference', argv: ['node', '/app/build/src/main.js'] };
