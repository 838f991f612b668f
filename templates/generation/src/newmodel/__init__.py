"""Trains and serves new-model, a model that goes on with a text; whatever it loads is on this machine."""

import os

# Before transformers is imported: what is not in a folder is not asked for on the network.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
