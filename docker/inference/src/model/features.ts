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
  /** UTF-16 code units of the longest text that it hashes itself. */
  readonly room: number;
  /** The buckets of a text, each once. */
  buckets(text: string): Uint32Array;
  /** The sum of what `weights` holds for the buckets of a text, each counted once. */
  sum(text: string, weights: Float32Array): number;
  /** Every token and bigram of a text, in order and with repetitions; for explanations, slower. */
  ngrams(text: string): readonly Ngram[];
}

/** Code units of the longest text that a hasher keeps room for, unless told. */
const ROOM = 32_768;

/**
 * Hashes texts into `2 ** bits` buckets. It works in buffers of its own, so that scoring a text allocates nothing.
 *
 * @param bits binary logarithm of the number of buckets, 8 to 24
 * @param room UTF-16 code units of the longest text; one that is longer goes to a hasher with more room
 */
export function createFeatureHasher(bits: number, room = ROOM): FeatureHasher {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const shift = 32 - bits;
  const seen = new Int32Array(2 ** bits / 32);
  // At most 3 bytes for each code unit and one to end the text; at most every second one ends a token. These never
  // change: the compiler then knows where they are, which saves a third of the time.
  const bytes = new Uint8Array(3 * room + 1);
  const hashes = new Int32Array(room + 1);
  const ends = new Uint32Array(room + 1);
  const found = new Uint32Array(2 * room + 1);
  let roomier: FeatureHasher | undefined;

  function forLonger(text: string): FeatureHasher {
    if (roomier === undefined || roomier.room < text.length) {
      roomier = createFeatureHasher(bits, 2 ** Math.ceil(Math.log2(text.length)));
    }
    return roomier;
  }

  /** Finds and hashes the tokens of a text; returns their number. */
  function tokenize(text: string): number {
    const { written } = encoder.encodeInto(text, bytes);
    bytes[written] = 0;
    if (written > text.length) eraseSeparators(bytes, written);
    return hashTokens(bytes, written, hashes, ends);
  }

  return {
    room,

    buckets(text) {
      if (text.length > room) return forLonger(text).buckets(text);
      const buckets = found.slice(0, collectBuckets(hashes, tokenize(text), shift, seen, found));
      for (const bucket of buckets) seen[bucket >>> 5] = 0;
      return buckets;
    },

    sum(text, weights) {
      if (text.length > room) return forLonger(text).sum(text, weights);
      return sumOf(weights, found, collectBuckets(hashes, tokenize(text), shift, seen, found), seen);
    },

    ngrams(text) {
      if (text.length > room) return forLonger(text).ngrams(text);
      const tokens = tokenize(text);
      const spelled = (end = 0) => decoder.decode(hashedBytes(bytes, end).map((byte) => FOLDED[byte] ?? 0));
      const words = Array.from({ length: tokens }, (_, token) => spelled(ends[token]));
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

/**
 * Hashes the tokens of a text whose last byte is followed by a separator.
 *
 * @param hashes takes the hash of each token
 * @param ends takes the position behind each token
 * @returns the number of tokens
 */
function hashTokens(bytes: Uint8Array, length: number, hashes: Int32Array, ends: Uint32Array): number {
  // One step for every byte: a separator multiplies the hash by 0. A branch at the end of each token, which no processor
  // can predict, would take longer than the hashing. What a token starts with joins its first byte, not the hash, for
  // which every step waits.
  let tokens = 0;
  let hash = 0;
  let before = -1;
  for (let position = 0; position <= length; position += 1) {
    const folded = FOLDED[bytes[position] as number] as number;
    const separates = (folded - 1) >> 31; // -1 for a separator, 0 for a byte of a token
    hashes[tokens] = hash; // overwritten until the token ends
    ends[tokens] = position;
    tokens = (tokens - (separates & ~before)) | 0;
    const joining = folded ^ (FNV_OFFSET & before);
    before = separates;
    hash = Math.imul(hash ^ joining, FNV_PRIME & ~separates);
  }
  let previousEnd = 0;
  for (let token = 0; token < tokens; token += 1) {
    const end = ends[token] as number;
    if (end - previousEnd > TOKEN_BYTES) hashes[token] = fnv1a(hashedBytes(bytes, end));
    previousEnd = end;
  }
  return tokens;
}

/**
 * Puts the buckets of tokens and of their neighbours into `found`, each once.
 *
 * @param seen one bit for each bucket, all zero; who calls it clears those of the buckets in `found`
 * @returns the number of buckets
 */
function collectBuckets(
  hashes: Int32Array,
  tokens: number,
  shift: number,
  seen: Int32Array,
  found: Uint32Array,
): number {
  let kept = 0;
  let previous = 0;
  for (let token = 0; token < tokens; token += 1) {
    const hash = hashes[token] as number;
    kept = keepNew(found, kept, seen, finalize(hash) >>> shift);
    if (token > 0) kept = keepNew(found, kept, seen, finalize(bigram(previous, hash)) >>> shift);
    previous = hash;
  }
  return kept;
}

/** Appends a bucket unless its bit in `seen` is set, without a branch that the processor would mispredict. */
function keepNew(found: Uint32Array, kept: number, seen: Int32Array, bucket: number): number {
  const word = seen[bucket >>> 5] as number;
  seen[bucket >>> 5] = word | (1 << (bucket & 31));
  found[kept] = bucket;
  return kept + (1 ^ ((word >>> (bucket & 31)) & 1));
}

/** Adds the weights of buckets, and clears their bits in `seen` on the way. */
function sumOf(weights: Float32Array, buckets: Uint32Array, count: number, seen: Int32Array): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const bucket = buckets[index] as number;
    seen[bucket >>> 5] = 0;
    sum += weights[bucket] as number;
  }
  return sum;
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

/** The bytes of the token that ends at `end`, but for those that are not hashed. */
function hashedBytes(bytes: Uint8Array, end: number): Uint8Array {
  let start = end;
  while (start > 0 && FOLDED[bytes[start - 1] as number] !== 0) start -= 1;
  return bytes.subarray(start, Math.min(end, start + TOKEN_BYTES));
}

/** FNV-1a, 32 bits, of the bytes of a token. */
function fnv1a(token: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of token) hash = Math.imul(hash ^ (FOLDED[byte] as number), FNV_PRIME);
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
