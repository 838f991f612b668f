import { z } from 'zod';
import { textTraining, trainingProgram } from './model-programs';
import { secretSource } from './storage';
import { argument, checked, cidr, cronSchedule, gitUrl, matches, port, resourceProfile } from './values';

/** A Git repository: what it is called, and how pipelines get in. */
export const gitRepository = z.strictObject({
  url: gitUrl,
  /** Branch that is watched, or a tag. */
  revision: checked(matches(/^\w[\w./-]*$/, 'is not a Git revision'), 'write a branch, such as main, or a tag'),
  /**
   * Where pipelines clone and push, when that is another URL than the one that is watched: a deploy key needs SSH.
   * @default - `url`
   */
  pushUrl: gitUrl.optional(),
  /**
   * What pipelines get in with: keys `ssh-privatekey` and `known_hosts` for SSH, `token` for https.
   * @default - anybody may push, as in a test
   */
  credentials: secretSource.optional(),
  /**
   * Networks in which its server is.
   * @default - every public network
   */
  networks: z.array(cidr).min(1).optional(),
});

const distance = {
  /** The bound; beside `compareWith`, the distance from the served version's metric. */
  value: z.number(),
  /**
   * `served` compares with the version that the cluster's stage holds; the first version passes.
   * @default - with `value` alone
   */
  compareWith: z.literal('served').optional(),
};

/** What a trained model must reach before it becomes a version. */
export const gate = z.union([
  z.strictObject({ metric: z.enum(['accuracy', 'f1', 'rocAuc']), op: z.enum(['>=', '>']), ...distance }),
  z.strictObject({
    metric: z.enum(['logLoss', 'calibrationError', 'perplexity']),
    op: z.enum(['<=', '<']),
    ...distance,
  }),
]);

/** What a step of the training runs that a cluster has and others have not. */
const step = z.strictObject({
  /** Name of its image in `src/clusters/<cluster>.images.json`. */
  image: z.string(),
  /** The program and its arguments, without a shell; `$(DATA)` stands for the value of that environment variable. */
  argv: z.tuple([argument], argument).readonly(),
  /** @default medium */
  resources: resourceProfile.default('medium'),
});

export const pipelines = z.strictObject({
  /**
   * What trains, for a model that is not one of texts.
   * @default - the platform's own trainer
   */
  training: trainingProgram.default(textTraining),
  gate,
  /** Whether a person must approve a promotion. */
  approval: z.boolean(),
  /**
   * Promotions ask to merge their commit in place of pushing it to the watched branch; the run goes on when somebody has
   * merged it and resumes the run.
   * @default - they push
   */
  pullRequest: z
    .strictObject({
      /**
       * Key `token`, which may open pull requests on GitHub.
       * @default - the log of the step names the page on which a person opens it, on any server
       */
      token: secretSource.optional(),
    })
    .optional(),
  /** What the test of a throw-away inference server asks for. */
  inferenceTest: z.strictObject({
    /** Smallest share of right answers. */
    accuracy: z.number().min(0).max(1),
    /** Longest time of 95 of 100 replies, in milliseconds. */
    latencyMilliseconds: z.int().min(1),
    /** Where the throw-away server listens; pods have addresses of their own, a machine has one. */
    port: port.default(8080),
  }),
  /**
   * Programs of the cluster's own in the training; `docs/step-contract.md` says what each gets.
   * @default - none
   */
  steps: z
    .strictObject({
      /** Changes the data set after it was fetched. */
      prepare: step.optional(),
      /** Ends the run when it does not like the data set. */
      validate: step.optional(),
      /** Puts the model in other formats, such as ONNX, into its folder before it becomes a version. */
      export: step.optional(),
    })
    .default({}),
  /**
   * When a model is trained again by itself.
   * @default - never
   */
  retraining: z.strictObject({ schedule: cronSchedule }).optional(),
  /**
   * Which events that reach the Argo server train a model, as an expression on `payload` and `discriminator`.
   * @default - none
   * @see https://argo-workflows.readthedocs.io/en/release-3.7/events/
   */
  retrainingEvent: z.strictObject({ selector: z.string().min(1) }).optional(),
});

export type Gate = z.output<typeof gate>;
export type OwnStep = z.output<typeof step>;
export type GitRepository = z.output<typeof gitRepository>;
