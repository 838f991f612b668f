"""The feature scheme of docs/model-contract.md, read out word by word: slow, and written apart from the program."""

from itertools import pairwise


def encode(text: str) -> bytes:
    units = text.encode("utf-16-le", "surrogatepass")
    points, index = [], 0
    code = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    while index < len(code):
        high, low = code[index], code[index + 1] if index + 1 < len(code) else 0
        if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
            points.append(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            index += 2
        else:
            points.append(0xFFFD if 0xD800 <= high <= 0xDFFF else high)
            index += 1
    return "".join(map(chr, points)).encode("utf-8")


def is_token_character(point: int) -> bool:
    if point < 0x80:
        return chr(point).isalnum()
    return not (point <= 0xBF or 0x2000 <= point <= 0x207F or 0x3000 <= point <= 0x303F)


def tokens(text: str) -> list[bytes]:
    found, current = [], b""
    for character in encode(text).decode("utf-8") + " ":
        if is_token_character(ord(character)):
            if len(current) < 64:
                current += (character.lower() if character.isascii() else character).encode("utf-8")
        elif current:
            found.append(current[:64])
            current = b""
    return found


def fnv1a(data: bytes) -> int:
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 % 2**32
    return value


def mix(value: int) -> int:
    value ^= value >> 16
    value = value * 0x85EBCA6B % 2**32
    value ^= value >> 13
    value = value * 0xC2B2AE35 % 2**32
    return value ^ value >> 16


def buckets(text: str, bits: int) -> list[int]:
    """The distinct buckets of ``text``, ascending."""
    words = [fnv1a(token) for token in tokens(text)]
    pairs = [(first * 0x9E3779B1 + second) % 2**32 for first, second in pairwise(words)]
    return sorted({mix(value) >> (32 - bits) for value in words + pairs})


def sample_weight(bucket: int) -> float:
    """The made-up weight that the vectors use: a multiple of 2**-20 in [-8, 8)."""
    return (mix(bucket) >> 8) / 2**20 - 8
