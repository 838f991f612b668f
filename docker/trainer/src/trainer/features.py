"""Text to hashed features: scheme ``fnv1a32-unigram-bigram-v1`` of docs/model-contract.md.

Everything here works on the UTF-8 bytes of many texts at once. The rules are those of the model
contract, which the server implements in another language: a change here is a new scheme name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

SCHEME = "fnv1a32-unigram-bigram-v1"
DEFAULT_BITS = 20
MINIMUM_BITS = 8
MAXIMUM_BITS = 24
TOKEN_BYTES = 64
"""Bytes of a token that are hashed; the rest of a longer token changes nothing."""

_FNV_OFFSET = np.uint32(0x811C9DC5)
_FNV_PRIME = np.uint32(0x01000193)
_BIGRAM_MULTIPLIER = np.uint32(0x9E3779B1)

_SEPARATOR = 0
_TOKEN_BYTE = np.zeros(256, dtype=np.uint8)
_TOKEN_BYTE[0x80:] = np.arange(0x80, 0x100)
for _first, _last in (b"09", b"az"):
    _TOKEN_BYTE[_first : _last + 1] = np.arange(_first, _last + 1)
_TOKEN_BYTE[ord("A") : ord("Z") + 1] = np.arange(ord("a"), ord("z") + 1)


def utf8(text: str) -> bytes:
    """Encode ``text`` as UTF-8 the way WHATWG's ``TextEncoder`` does: a lone surrogate becomes U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")


@dataclass(frozen=True)
class Tokens:
    """The tokens of a batch of texts, in order.

    Attributes:
        starts: position of each token's first byte in ``folded``.
        ends: position after each token's last byte.
        texts: index of the text that each token belongs to, ascending.
        folded: the bytes of all texts, lower-cased, separators set to zero.
    """

    starts: np.ndarray
    ends: np.ndarray
    texts: np.ndarray
    folded: np.ndarray

    def spelled(self, index: int) -> str:
        """Return token ``index`` as it was hashed, for people."""
        end = min(self.ends[index], self.starts[index] + TOKEN_BYTES)
        return self.folded[self.starts[index] : end].tobytes().decode("utf-8", "replace")


def tokenize(texts: Sequence[str]) -> Tokens:
    """Split ``texts`` into tokens: runs of ASCII letters, digits and non-ASCII letters."""
    encoded = [utf8(text) for text in texts]
    joined = np.frombuffer(b"\0" + b"\0".join(encoded) + b"\0", dtype=np.uint8)
    folded = _TOKEN_BYTE[joined]
    _erase_punctuation(joined, folded)
    inside = folded != _SEPARATOR
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    lengths = np.fromiter((len(text) + 1 for text in encoded), dtype=np.int64, count=len(encoded))
    owners = np.searchsorted(np.cumsum(lengths), starts, side="left")
    return Tokens(starts, ends, owners, folded)


def _erase_punctuation(joined: np.ndarray, folded: np.ndarray) -> None:
    """Make separators of U+0080-U+00BF, U+2000-U+207F and U+3000-U+303F, by their lead bytes."""
    lead = np.flatnonzero(joined >= 0xC2)
    second = joined[lead + 1] if lead.size else lead
    first = joined[lead]
    latin = lead[first == 0xC2]
    general = lead[(first == 0xE2) & ((second == 0x80) | (second == 0x81)) | (first == 0xE3) & (second == 0x80)]
    for positions, width in ((latin, 2), (general, 3)):
        for offset in range(width):
            folded[positions + offset] = _SEPARATOR


def _fnv1a(tokens: Tokens) -> np.ndarray:
    """FNV-1a, 32 bits, of the first TOKEN_BYTES bytes of each token: one pass per byte position."""
    hashes = np.full(tokens.starts.size, _FNV_OFFSET, dtype=np.uint32)
    lengths = np.minimum(tokens.ends - tokens.starts, TOKEN_BYTES)
    order = np.argsort(-lengths.astype(np.int8), kind="stable")
    starts = tokens.starts[order]
    longer_than = np.bincount(lengths, minlength=TOKEN_BYTES + 1)[::-1].cumsum()[::-1]
    sorted_hashes = hashes[order]
    for position in range(TOKEN_BYTES):
        count = longer_than[position + 1]
        if count == 0:
            break
        active = sorted_hashes[:count]
        active ^= tokens.folded[starts[:count] + position]
        active *= _FNV_PRIME
    hashes[order] = sorted_hashes
    return hashes


def _mix(hashes: np.ndarray) -> np.ndarray:
    """The 32-bit finaliser of MurmurHash3, in place."""
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


@dataclass(frozen=True)
class Ngrams:
    """Every unigram and bigram of a batch of texts, with repetitions.

    Attributes:
        buckets: bucket of each n-gram, first all unigrams, then all bigrams.
        texts: index of the text of each n-gram.
        tokens: index of the first token of each n-gram.
        bigrams_from: position of the first bigram.
        source: the tokens that the n-grams were made of.
    """

    buckets: np.ndarray
    texts: np.ndarray
    tokens: np.ndarray
    bigrams_from: int
    source: Tokens

    def spelled(self, index: int) -> str:
        """Return n-gram ``index`` as people read it: ``not`` or ``not good``."""
        first = int(self.tokens[index])
        words = [self.source.spelled(first)]
        if index >= self.bigrams_from:
            words.append(self.source.spelled(first + 1))
        return " ".join(words)


def ngrams(texts: Sequence[str], bits: int) -> Ngrams:
    """Hash the unigrams and bigrams of ``texts`` into ``2**bits`` buckets."""
    tokens = tokenize(texts)
    words = _fnv1a(tokens)
    followed = np.flatnonzero(tokens.texts[1:] == tokens.texts[:-1])
    pairs = words[followed] * _BIGRAM_MULTIPLIER + words[followed + 1]
    buckets = _mix(np.concatenate([words, pairs])) >> np.uint32(32 - bits)
    first_tokens = np.concatenate([np.arange(words.size), followed])
    return Ngrams(buckets, tokens.texts[first_tokens], first_tokens, words.size, tokens)


def presence(texts: Sequence[str], bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct buckets of each text, as CSR ``(indptr, indices)`` with sorted rows.

    Args:
        texts: any number of texts; they are hashed in slices, so that memory stays flat.
        bits: binary logarithm of the number of buckets, 8 to 24.
    """
    counts, indices = [np.zeros(1, dtype=np.int64)], []
    per_slice = min(512, 1 << (32 - bits))
    for begin in range(0, len(texts), per_slice):
        batch = texts[begin : begin + per_slice]
        hashed = ngrams(batch, bits)
        keys = np.sort(hashed.texts.astype(np.uint32) << np.uint32(bits) | hashed.buckets)
        if keys.size:
            keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
        counts.append(np.bincount(keys >> np.uint32(bits), minlength=len(batch)))
        indices.append((keys & np.uint32((1 << bits) - 1)).astype(np.int32))
    indptr = np.cumsum(np.concatenate(counts))
    return indptr, np.concatenate(indices) if indices else np.zeros(0, dtype=np.int32)


def margins(texts: Iterable[str], weights: np.ndarray, bias: float) -> np.ndarray:
    """Return ``bias`` plus the sum of the weights of each text's distinct buckets, as float64.

    The weights of a model are multiples of 2**-20, so that no sum is rounded, in whatever order.
    """
    bits = int(weights.size).bit_length() - 1
    return np.concatenate([np.zeros(0), *(_margins(batch, weights, bias, bits) for batch in batches(texts))])


def _margins(texts: Sequence[str], weights: np.ndarray, bias: float, bits: int) -> np.ndarray:
    indptr, indices = presence(texts, bits)
    owners = np.repeat(np.arange(len(texts)), np.diff(indptr))
    return bias + np.bincount(owners, weights=weights[indices], minlength=len(texts))


def batches(texts: Iterable[str], size: int = 512) -> Iterator[list[str]]:
    """Cut ``texts`` into lists of at most ``size``."""
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
