/**
 * Text to hashed features: scheme `fnv1a32-unigram-bigram-v1` of docs/model-contract.md, section 3.
 * The trainer implements the same page in Python; a change here is a new scheme name.
 */

export const SCHEME = 'fnv1a32-unigram-bigram-v1';

/** Bytes of a token that are hashed; the rest of a longer token changes nothing. */
const TOKEN_BYTES = 64;

const FNV_OFFSET = 0x811c9dc5 | 0; // signed, as Math.imul gives it: else the hash would be kept as a float
const FNV_PRIME = 0x01000193;
const BIGRAM_MULTIPLIER = 0x9e3779b1;

/** What each byte is hashed as: letters in lower case, separators 0. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => {
  const isUpper = byte >= 0x41 && byte <= 0x5a;
  const isLower = byte >= 0x61 && byte <= 0x7a;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  if (isUpper) return byte + 0x20;
  return isLower || isDigit || byte >= 0x80 ? byte : 0;
});

/** A token or a bigram as people read it, with the bucket that it falls into. */
export interface Ngram {
  /** A folded token, or two neighbouring ones with a space between them. */
  readonly text: string;
  readonly bucket: number;
}

export interface FeatureHasher {
  /** The buckets of a text, each once. The array is reused: it is valid until the next call. */
  buckets(text: string): Uint32Array;
  /** Every token and bigram of a text, in order and with repetitions; for explanations, slower. */
  ngrams(text: string): readonly Ngram[];
}

/**
 * Hashes texts into `2 ** bits` buckets. It works in buffers of its own, which grow to the longest text seen, so that
 * scoring a text allocates nothing.
 *
 * @param bits binary logarithm of the number of buckets, 8 to 24
 */
export function createFeatureHasher(bits: number): FeatureHasher {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const shift = 32 - bits;
  const seen = new Int32Array(2 ** bits / 32);
  let bytes = new Uint8Array(0);
  let hashes = new Int32Array(0);
  let starts = new Uint32Array(0);
  let ends = new Uint32Array(0);
  let features = new Uint32Array(0);

  function reserve(codeUnits: number): void {
    if (codeUnits * 3 < bytes.length) return;
    // At most 3 bytes per UTF-16 code unit and one to end the text, a token on every second code unit at most.
    const room = Math.max(1024, 2 ** Math.ceil(Math.log2(codeUnits + 1)));
    bytes = new Uint8Array(3 * room + 1);
    hashes = new Int32Array(room);
    starts = new Uint32Array(room);
    ends = new Uint32Array(room);
    features = new Uint32Array(2 * room);
  }

  /** Finds and hashes the tokens of a text; returns their number. */
  function tokenize(text: string): number {
    reserve(text.length);
    // Names of its own for the loop: reading a variable of the outer function each time costs a third more.
    const source = bytes;
    const tokenHashes = hashes;
    const tokenStarts = starts;
    const tokenEnds = ends;
    const { written } = encoder.encodeInto(text, source);
    source[written] = 0;
    if (written > text.length) eraseSeparators(source, written);
    let tokens = 0;
    let position = 0;
    while (position < written) {
      let folded = FOLDED[source[position] as number] as number;
      if (folded === 0) {
        position += 1;
        continue;
      }
      const start = position;
      let hash = FNV_OFFSET;
      do {
        hash = Math.imul(hash ^ folded, FNV_PRIME);
        position += 1;
        folded = FOLDED[source[position] as number] as number;
      } while (folded !== 0);
      const end = Math.min(position, start + TOKEN_BYTES);
      tokenHashes[tokens] = end === position ? hash : fnv1a(source, start, end);
      tokenStarts[tokens] = start;
      tokenEnds[tokens] = end;
      tokens += 1;
    }
    return tokens;
  }

  function spelled(token: number): string {
    return decoder.decode(bytes.subarray(starts[token], ends[token]).map((byte) => FOLDED[byte] ?? 0));
  }

  return {
    buckets(text) {
      const tokens = tokenize(text);
      const found = features;
      const tokenHashes = hashes;
      let kept = 0;
      let previous = 0;
      for (let token = 0; token < tokens; token += 1) {
        const hash = tokenHashes[token] as number;
        kept = keepNew(found, kept, seen, finalize(hash) >>> shift);
        if (token > 0) kept = keepNew(found, kept, seen, finalize(bigram(previous, hash)) >>> shift);
        previous = hash;
      }
      for (let index = 0; index < kept; index += 1) seen[(found[index] as number) >>> 5] = 0;
      return found.subarray(0, kept);
    },

    ngrams(text) {
      const tokens = tokenize(text);
      const words = Array.from({ length: tokens }, (_, token) => spelled(token));
      return words.flatMap((word, token) => {
        const hash = hashes[token] ?? 0;
        const unigram = { text: word, bucket: finalize(hash) >>> shift };
        const next = words[token + 1];
        if (next === undefined) return [unigram];
        const bucket = finalize(bigram(hash, hashes[token + 1] ?? 0)) >>> shift;
        return [unigram, { text: `${word} ${next}`, bucket }];
      });
    },
  };
}

/** Appends a bucket unless its bit in `seen` is set, without a branch that the processor would mispredict. */
function keepNew(found: Uint32Array, kept: number, seen: Int32Array, bucket: number): number {
  const word = seen[bucket >>> 5] as number;
  seen[bucket >>> 5] = word | (1 << (bucket & 31));
  found[kept] = bucket;
  return kept + (1 ^ ((word >>> (bucket & 31)) & 1));
}

/** Overwrites the separators beyond ASCII with zeros; their first one or two bytes tell them. */
function eraseSeparators(bytes: Uint8Array, length: number): void {
  for (let position = 0; position < length; position += 1) {
    const first = bytes[position];
    const second = bytes[position + 1];
    const isLatinPunctuation = first === 0xc2; // U+0080 to U+00BF
    const isGeneralPunctuation = first === 0xe2 && (second === 0x80 || second === 0x81); // U+2000 to U+207F
    const isIdeographicPunctuation = first === 0xe3 && second === 0x80; // U+3000 to U+303F
    if (isLatinPunctuation) bytes.fill(0, position, position + 2);
    else if (isGeneralPunctuation || isIdeographicPunctuation) bytes.fill(0, position, position + 3);
  }
}

/** FNV-1a, 32 bits, of the bytes of a token. */
function fnv1a(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let position = start; position < end; position += 1) {
    hash = Math.imul(hash ^ (FOLDED[bytes[position] as number] as number), FNV_PRIME);
  }
  return hash;
}

/** Hash of two neighbouring tokens. */
function bigram(first: number, second: number): number {
  return (Math.imul(first, BIGRAM_MULTIPLIER) + second) | 0;
}

/** The finaliser of MurmurHash3, 32 bits. */
function finalize(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
