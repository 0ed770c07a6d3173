"""What tests raise when a promise of the design does not hold."""


class Broken(AssertionError):
    """A promise of the design does not hold."""
