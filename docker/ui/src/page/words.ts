import type { Contribution } from './api.js';

/** A piece of a text, with how far it pushed the prediction. */
export interface Piece {
  readonly text: string;
  /** 0 for what no contribution speaks of. */
  readonly weight: number;
}

/** The characters of words in feature scheme `fnv1a32-unigram-bigram-v1` (docs/model-contract.md, section 3). */
const WORD = /[0-9A-Za-z\u00c0-\u1fff\u2080-\u2fff\u3040-\u{10ffff}]+/gu;

/**
 * Cuts a text into words and what stands between them, and gives each word its weight: its own, and half of each pair
 * of neighbours that it belongs to. The model counts a repeated word once; each of its places is shown.
 */
export function weighWords(text: string, contributions: readonly Contribution[]): readonly Piece[] {
  const weights = new Map(contributions.map((contribution) => [contribution.text, contribution.weight]));
  const words = [...text.matchAll(WORD)].map((match) => ({
    start: match.index,
    text: match[0],
    folded: fold(match[0]),
  }));
  const pairWeight = (index: number): number => {
    const first = words[index];
    const second = words[index + 1];
    return first && second ? (weights.get(`${first.folded} ${second.folded}`) ?? 0) : 0;
  };
  const pieces: Piece[] = [];
  let end = 0;
  for (const [index, word] of words.entries()) {
    if (word.start > end) pieces.push({ text: text.slice(end, word.start), weight: 0 });
    const weight = (weights.get(word.folded) ?? 0) + (pairWeight(index - 1) + pairWeight(index)) / 2;
    pieces.push({ text: word.text, weight });
    end = word.start + word.text.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), weight: 0 });
  return pieces;
}

/** Lower-cases ASCII only, as the model does. */
function fold(word: string): string {
  return word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
