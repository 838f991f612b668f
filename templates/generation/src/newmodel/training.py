"""Fine-tuning: the network learns to tell each token of the texts from those before it."""

import math
import random
from collections.abc import Iterator, Sequence

import torch

from .data import Text
from .errors import InvalidInput
from .network import Network

BATCH = 8
LARGEST_GRADIENT = 1.0
MEASURED_LENGTH = 128
IGNORED = -100
"""What PyTorch's loss leaves out."""


def fine_tune(
    network: Network, texts: Sequence[Text], epochs: int, learning_rate: float, piece_length: int, seed: int
) -> None:
    """Train the network in place; the same texts and seed give the same weights on the same machine.

    Args:
        network: what it goes on from.
        texts: what it learns from.
        epochs: how often it sees each text.
        learning_rate: of AdamW.
        piece_length: tokens that it sees together.
        seed: of the order of the pieces, and of dropout.

    Raises:
        InvalidInput: if the network cannot look at so many tokens, or the learning rate is too high.
    """
    pieces = cut(network, texts, piece_length)
    torch.manual_seed(seed)
    order = random.Random(seed)
    optimizer = torch.optim.AdamW(network.model.parameters(), lr=learning_rate)
    network.model.train()
    for _ in range(epochs):
        order.shuffle(pieces)
        for batch in _batches(network, pieces):
            loss = network.model(**batch).loss
            if not math.isfinite(loss.item()):
                raise InvalidInput(
                    f"--learning-rate: the loss is {loss.item()} (got {learning_rate}); take a lower one"
                )
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.model.parameters(), LARGEST_GRADIENT)
            optimizer.step()
    network.model.eval()


def measure(network: Network, texts: Sequence[Text]) -> dict[str, float | int]:
    """Return how well it tells the next token of texts that it has not learned from.

    ``logLoss`` is the mean over tokens, ``perplexity`` its exponential, ``accuracy`` the share of tokens that it holds
    for the likeliest. Whatever it was trained on, it looks at the same pieces: metrics of variants are compared.
    """
    pieces = cut(network, texts, min(MEASURED_LENGTH, network.longest or MEASURED_LENGTH))
    loss, right, count = 0.0, 0, 0
    with torch.inference_mode():
        for batch in _batches(network, pieces):
            scores = network.model(batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1]
            expected = batch["labels"][:, 1:]
            told = expected != IGNORED
            scores, expected = scores[told], expected[told]
            loss += torch.nn.functional.cross_entropy(scores, expected, reduction="sum").item()
            right += int((scores.argmax(dim=-1) == expected).sum())
            count += len(expected)
    mean = loss / count
    # Beyond that no number says anything, and JSON has no infinity.
    perplexity = math.exp(min(mean, 700.0))
    return {
        "perplexity": perplexity,
        "logLoss": mean,
        "accuracy": right / count,
        "tokens": count,
        "examples": len(texts),
    }


def cut(network: Network, texts: Sequence[Text], piece_length: int) -> list[list[int]]:
    """Return the tokens of the texts, each with its end, in pieces.

    Raises:
        InvalidInput: if a piece is no length, or the network cannot look at it.
    """
    longest = network.longest or piece_length
    if not 2 <= piece_length <= longest:
        raise InvalidInput(f"--piece-length: is out of range (got {piece_length}); write a number from 2 to {longest}")
    pieces = []
    for text in texts:
        tokens = [*network.tokens(text.text), network.tokenizer.eos_token_id]
        pieces += [tokens[at : at + piece_length] for at in range(0, len(tokens), piece_length)]
    # Of a single token there is nothing to tell from what is before it.
    return [piece for piece in pieces if len(piece) > 1]


def _batches(network: Network, pieces: Sequence[list[int]]) -> Iterator[dict[str, torch.Tensor]]:
    for at in range(0, len(pieces), BATCH):
        batch = pieces[at : at + BATCH]
        width = max(map(len, batch))
        end = network.tokenizer.eos_token_id
        yield {
            "input_ids": torch.tensor([[*piece, *[end] * (width - len(piece))] for piece in batch]),
            "attention_mask": torch.tensor([[1] * len(piece) + [0] * (width - len(piece)) for piece in batch]),
            "labels": torch.tensor([[*piece, *[IGNORED] * (width - len(piece))] for piece in batch]),
        }
