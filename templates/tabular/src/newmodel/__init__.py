"""Trains and serves new-model, a model of a table with two labels; no package beside Python itself is needed."""
