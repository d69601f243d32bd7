"""Texts from the file made fit for figures: one line, no formulas, not too long."""

import os
from collections.abc import Sequence

WIDTH = 24
"""Letters of a value in a label; longer ones are cut to the part that differs."""

CUT = "…"
SEPARATORS = "/ ,"


def literal(text: str) -> str:
    """A text that matplotlib draws as it is: dollar signs begin no formula, nothing breaks lines.

    Matplotlib leaves lines without a name out of legends; a leading underscore means that.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return (f" {line}" if line.startswith("_") else line).replace("$", r"\$")


def plain(text: str) -> str:
    """The text that `literal` was made of, for tables."""
    return text.replace(r"\$", "$").removeprefix(" ")


def shortened(texts: Sequence[str], width: int = WIDTH) -> dict[str, str]:
    """A short form of each text, none like another: where one is long, the part that differs."""
    known = list(dict.fromkeys(texts))
    if all(len(text) <= width for text in known):
        return dict(zip(known, known, strict=True))
    if len(known) == 1:
        return {known[0]: _middle_cut(known[0], width)}
    differing = _without_common_ends(known, whole_words=True)
    if max(map(len, differing)) > width:
        differing = _without_common_ends(known, whole_words=False)
    cut = [_middle_cut(text, width) for text in differing]
    if len(set(cut)) < len(cut):
        cut = [f"{_middle_cut(text, width - 5)} ({n})" for n, text in enumerate(differing, 1)]
    return dict(zip(known, cut, strict=True))


def _without_common_ends(texts: list[str], whole_words: bool) -> list[str]:
    """Texts without that with which all of them begin and end, but for a few letters or a word."""
    start = len(os.path.commonprefix(texts))
    end = len(os.path.commonprefix([text[start:][::-1] for text in texts]))
    backwards = texts[0][::-1]
    start, end = (
        max(0, at - 4) if not whole_words else _last_word(text, at)
        for text, at in ((texts[0], start), (backwards, end))
    )
    return [
        (CUT if start else "") + text[start : len(text) - end] + (CUT if end else "")
        for text in texts
    ]


def _last_word(text: str, end: int) -> int:
    """Where the word begins that goes on at `end`."""
    return 1 + max(text.rfind(separator, 0, end) for separator in SEPARATORS)


def _middle_cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    head = (width - 1) // 2
    return text[:head] + CUT + text[len(text) - (width - 1 - head) :]
