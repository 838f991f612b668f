"""Trains and measures a sentiment model of film reviews, on CPU."""
