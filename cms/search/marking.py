"""Where in a text the words stand, for the reader to see."""

import re

from django.utils.html import conditional_escape, format_html, format_html_join

from .words import words_of

BEFORE, SHOWN = 40, 160  # characters
CHINESE = re.compile(r"[\u3400-\u9fff]")  # a character says as much as two letters, and takes their room
LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f'’-]{2}")


def excerpt(text, question):
    """A piece of `text` around the first of the words, with all of them marked; its beginning where none stands so."""
    text, words = " ".join(text.split()), _pattern(question)
    first = words.search(text) if words else None
    start = _word_edge(text, max(0, first.start() - BEFORE), first.start()) if first else 0
    shown = SHOWN // 2 if CHINESE.search(text, start, start + BEFORE) else SHOWN
    end = _word_edge(text, min(len(text), start + shown), len(text))
    piece = text[start:end].strip()
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return format_html("{}{}{}", before, marked(piece, question), after)


def _word_edge(text, at, latest):
    """The next place from `at` on where no Latin word is cut in two; Chinese may be cut anywhere."""
    while 0 < at < latest and LATIN.fullmatch(text[at - 1 : at + 1]):
        at += 1
    return at


def marked(text, question):
    """`text`, escaped, with the words of the question in <mark>."""
    words = _pattern(question)
    if not words:
        return conditional_escape(text)
    parts = words.split(text)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if odd % 2 else part,) for odd, part in enumerate(parts))
    )


def _pattern(question):
    words = sorted(words_of(question), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, words))})", re.IGNORECASE) if words else None
