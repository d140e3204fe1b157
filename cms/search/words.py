"""What is searched for, cut into pieces that the database's own full-text search keeps apart.

Chinese is written without spaces, and a database takes a whole run of it for one word, so that 防水 would not be
found in 卫生间防水保修五年. What is indexed and what is asked for are both cut into overlapping pairs of characters.
"""

import re
import unicodedata
from itertools import pairwise

LONGEST = 100  # characters of a question that are read; nobody types more into a box
MOST = 24  # pieces that all have to be found

_RUN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def plain(text):
    """Full width as half width, capitals as small letters, one kind of space."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def indexed(text):
    """The pieces of a text in which something may be looked for, with spaces between them."""
    pieces = []
    for run in _RUN.findall(plain(text)):
        pieces += [*run, *_pairs(run)] if _CHINESE.match(run) else [run]
    return " ".join(pieces)


def asked(question):
    """The pieces that a text must have all of, at most 24; [] for a question in which nothing can be looked for.

    They are letters, digits and characters alone, so that no database reads an operator of its own into them.
    """
    pieces = []
    for run in _RUN.findall(plain(question[:LONGEST])):
        pieces += (_pairs(run) or [run]) if _CHINESE.match(run) else [run]
    return list(dict.fromkeys(pieces))[:MOST]


def words_of(question):
    """The runs as they were written, to look for in a text or to mark in it."""
    return list(dict.fromkeys(_RUN.findall(plain(question[:LONGEST]))))[:MOST]


def _pairs(run):
    return ["".join(pair) for pair in pairwise(run)]
