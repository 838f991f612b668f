import { z } from 'zod';

/**
 * How a model that writes goes on with a text, for every request that it is sent.
 *
 * @see https://huggingface.co/docs/transformers/main_classes/text_generation#transformers.GenerationConfig
 */
export const generation = z.strictObject({
  /**
   * Tokens of the given text and of what is written, together: `max_length`. At most what the model can look at, which
   * its server checks before it is ready.
   * @default 300
   */
  maximumLength: z.int().min(2).default(300),
  /**
   * What the scores of the next token are divided by: `temperature`. Below 1 likely tokens become likelier. It cannot be
   * 0: `topK: 1` always takes the likeliest.
   * @default 0.55
   */
  temperature: z.number().min(0.01).max(100).default(0.55),
  /**
   * The next token is one of the likeliest that together have this share of the probability: `top_p`. 1 is all of them.
   * @default 0.8
   */
  topP: z.number().min(0.01).max(1).default(0.8),
  /**
   * The next token is one of so many likeliest: `top_k`. 0 is all of them.
   * @default 40
   */
  topK: z.int().min(0).default(40),
  /**
   * No so many tokens in a row occur twice, those of the given text included: `no_repeat_ngram_size`. 0 lets them.
   * @default 4
   */
  noRepeatNgramSize: z.int().min(0).default(4),
});

export type Generation = z.output<typeof generation>;

/** The settings as the environment of a program that serves. */
export function generationEnvironment(settings: Generation): Readonly<Record<string, string>> {
  return {
    GENERATION_MAXIMUM_LENGTH: String(settings.maximumLength),
    GENERATION_TEMPERATURE: String(settings.temperature),
    GENERATION_TOP_P: String(settings.topP),
    GENERATION_TOP_K: String(settings.topK),
    GENERATION_NO_REPEAT_NGRAM_SIZE: String(settings.noRepeatNgramSize),
  };
}
