/**
 * The feature hashing of docs/model-contract.md once more, written for its words and not for speed, on code points and
 * BigInt: it shares no code with the server.
 */

const MASK = 0xffffffffn;

export function referenceTokens(text: string): readonly string[] {
  const tokens: string[] = [];
  let token = '';
  for (const character of text.toWellFormed()) {
    if (isTokenCharacter(character.codePointAt(0) ?? 0)) {
      token += character >= 'A' && character <= 'Z' ? character.toLowerCase() : character;
    } else if (token !== '') {
      tokens.push(token);
      token = '';
    }
  }
  return token === '' ? tokens : [...tokens, token];
}

export function referenceBuckets(text: string, bits: number): readonly number[] {
  const hashes = referenceTokens(text).map(fnv1a);
  const bigrams = hashes.slice(1).map((second, index) => ((hashes[index] ?? 0n) * 0x9e3779b1n + second) & MASK);
  const buckets = [...hashes, ...bigrams].map((hash) => Number(murmurFinalizer(hash) >> BigInt(32 - bits)));
  return [...new Set(buckets)].sort((a, b) => a - b);
}

/** The made-up weight that the vectors' margins are computed with. */
export function vectorWeight(bucket: number): number {
  return Number(murmurFinalizer(BigInt(bucket)) >> 8n) / 2 ** 20 - 8;
}

function isTokenCharacter(codePoint: number): boolean {
  if (codePoint < 0x80) return /[A-Za-z0-9]/.test(String.fromCodePoint(codePoint));
  const isGeneralPunctuation = codePoint >= 0x2000 && codePoint <= 0x207f;
  const isIdeographicPunctuation = codePoint >= 0x3000 && codePoint <= 0x303f;
  return codePoint > 0xbf && !isGeneralPunctuation && !isIdeographicPunctuation;
}

function fnv1a(token: string): bigint {
  let hash = 0x811c9dc5n;
  for (const byte of Buffer.from(token).subarray(0, 64)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & MASK;
  return hash;
}

function murmurFinalizer(hash: bigint): bigint {
  let mixed = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & MASK;
  mixed = ((mixed ^ (mixed >> 13n)) * 0xc2b2ae35n) & MASK;
  return mixed ^ (mixed >> 16n);
}
