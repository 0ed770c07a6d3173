"""Owns the pages that people use: desk, wallboard, customer chat and administration.

They are plain files, read once: ES modules without a build step, styles, texts in each language.
In the browser they are ordinary clients of the protocol (`docs/protocol.md`).
"""

from router.pages.pages import Pages

__all__ = ["Pages"]
