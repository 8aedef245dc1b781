"""Nouns that every room shares: frozen dataclasses, enums and errors. No Flask, no click, no connection."""
