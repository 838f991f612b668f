import { type Prediction, RequestError } from './api.js';

/** What became of one text: a prediction, or why there is none. */
export type Outcome = { readonly prediction: Prediction } | { readonly error: string };

export interface BatchOptions {
  /** Scores some texts in one request. */
  readonly send: (texts: readonly string[]) => Promise<readonly Prediction[]>;
  /** Waits some milliseconds; ends early, by throwing, when the user cancels. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called with each finished text, in any order within a batch. */
  readonly finished: (index: number, outcome: Outcome) => void;
  /** Called when the API does not answer and the same texts will be sent again. */
  readonly waiting: (reason: string) => void;
}

/** Texts and characters per request: within the API's default limits (64 texts, 256 KiB). */
const MAX_TEXTS = 64;
const MAX_CHARACTERS = 60_000;

/** Waits before sending again when the API does not answer. */
const PAUSES = [1000, 2000, 4000, 8000, 15_000];

/**
 * Scores any number of texts in order. A text that the API refuses is left out with its reason; a batch that is too
 * large is cut in half; an API that does not answer is asked again for half a minute.
 *
 * @throws {RequestError} when the API stays away; what was finished stays finished
 */
export async function predictAll(texts: readonly string[], options: BatchOptions): Promise<void> {
  let batch: number[] = [];
  let characters = 0;
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') {
      options.finished(index, { error: 'it is blank' });
      continue;
    }
    if (batch.length === MAX_TEXTS || characters + text.length > MAX_CHARACTERS) {
      await predictSome(texts, batch, options);
      batch = [];
      characters = 0;
    }
    batch.push(index);
    characters += text.length;
  }
  await predictSome(texts, batch, options);
}

async function predictSome(texts: readonly string[], indices: readonly number[], options: BatchOptions): Promise<void> {
  if (indices.length === 0) return;
  try {
    const predictions = await sendPatiently(
      indices.map((index) => texts[index] ?? ''),
      options,
    );
    for (const [position, index] of indices.entries()) {
      const prediction = predictions[position];
      options.finished(index, prediction ? { prediction } : { error: 'the API left it out' });
    }
  } catch (error) {
    if (!(error instanceof RequestError) || error.isTemporary) throw error;
    const refused = /^texts\[(\d+)\]$/.exec(error.field ?? '')?.[1];
    if (refused !== undefined) {
      const position = Number(refused);
      const index = indices[position];
      if (index !== undefined) options.finished(index, { error: error.message.replace(/^texts\[\d+\] /, 'it ') });
      await predictSome(
        texts,
        indices.filter((_, other) => other !== position),
        options,
      );
    } else if (indices.length > 1) {
      const middle = Math.ceil(indices.length / 2);
      await predictSome(texts, indices.slice(0, middle), options);
      await predictSome(texts, indices.slice(middle), options);
    } else {
      for (const index of indices) options.finished(index, { error: error.message });
    }
  }
}

async function sendPatiently(texts: readonly string[], options: BatchOptions): Promise<readonly Prediction[]> {
  for (const milliseconds of PAUSES) {
    try {
      return await options.send(texts);
    } catch (error) {
      if (!(error instanceof RequestError) || !error.isTemporary) throw error;
      options.waiting(error.message);
      await options.pause(milliseconds);
    }
  }
  return options.send(texts);
}
