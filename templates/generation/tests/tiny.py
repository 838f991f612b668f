"""Makes a tiny GPT-2 of random weights and its tokenizer from made-up texts, to try the program without a download.

PYTHONPATH=src .venv/bin/python tests/tiny.py base-model
"""

import sys
from pathlib import Path

import torch
from newmodel import data
from newmodel.network import Network
from tokenizers import ByteLevelBPETokenizer
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

END = "<|endoftext|>"


def make(folder: Path, positions: int = 512, seed: int = 0) -> None:
    """Write the folder of one that can look at so many tokens."""
    tokenizer = ByteLevelBPETokenizer()
    texts = [text.text for text in data.generate(200, seed)]
    tokenizer.train_from_iterator(texts, vocab_size=400, special_tokens=[END], show_progress=False)
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=tokenizer.get_vocab_size(), n_positions=positions, n_embd=64, n_layer=2, n_head=2,
        bos_token_id=0, eos_token_id=0, pad_token_id=0,
    )
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer._tokenizer, bos_token=END, eos_token=END)
    folder.mkdir(parents=True, exist_ok=True)
    Network(GPT2LMHeadModel(config), wrapped).save(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
