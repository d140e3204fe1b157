"""The words of an HTML mail, without anything that could act or hide.

One pass over the text: Python's own parser takes minutes for a few kilobytes of unfinished tags, and these are written
by strangers. What comes out is plain text, never markup again, so a tag read wrongly shows as text and does nothing.
"""

import re
from html import unescape

LONGEST = 500_000  # characters of HTML that are read
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]*>|<[!?][^<>]*>")
SILENT = {"script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object", "textarea", "select"}
LINES = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "hr", "pre"}


def words_of(markup):
    """Plain text: each paragraph on a line of its own; scripts, styles, comments and all tags gone."""
    markup, said, position = markup[:LONGEST], [], 0
    while (begins := markup.find("<", position)) >= 0:
        said.append(_text(markup[position:begins]))
        position, line = _after(markup, begins)
        said.append(line)
    said.append(_text(markup[position:]))
    return re.sub(r" ?\n ?", "\n", "".join(said))


def _after(markup, begins):
    """(where to read on after what begins there, what stands in its place)"""
    if markup.startswith("<!--", begins):
        return _end(markup, "-->", begins), ""
    tag = TAG.match(markup, begins)
    if tag is None:
        return begins + 1, "<"
    name = (tag[2] or "").lower()
    if name in SILENT and not tag[1]:
        return _end(markup, f"</{name}[^<>]*>?", tag.end()), ""
    return tag.end(), "\n" if name in LINES else ""


def _end(markup, closing, position):
    found = re.compile(closing, re.IGNORECASE).search(markup, position)
    return found.end() if found else len(markup)


def _text(words):
    """Line ends within HTML are spaces."""
    return re.sub(r"\s+", " ", unescape(words))
