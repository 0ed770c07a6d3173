"""Owns `acd top`: what it knows of a center, how it keeps up with it, and how it draws it."""
