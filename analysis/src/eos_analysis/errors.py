"""What goes wrong for reasons a user can act on; every message is a sentence."""


class SweepFileError(ValueError):
    """The file cannot be read as a sweep; the message says why and what to do."""


class FigureError(SweepFileError):
    """The sweep lacks what a figure needs; the message says what."""
