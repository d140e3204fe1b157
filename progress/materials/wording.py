"""When two ways of writing a maker, a product or a batch mean the same."""

import re
import unicodedata

BATCHES = re.compile(r"[\n\r,;，；、]+")
DIGITS = re.compile(r"\d+")
WIDEST = 20  # digits of a batch number


def key_of(text):
    """The text as it counts: the same in capitals, in full width, with other dashes, and with any spaces or none."""
    text = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in text if not c.isspace())


def batches_in(text):
    """The batches named in a list, one a line or parted by commas, each once and in their order."""
    return list(dict.fromkeys(filter(None, (" ".join(each.split()) for each in BATCHES.split(text or "")))))


def place_of(key):
    """Where a batch stands among others: numbers in it count as numbers, dashes and strokes as nothing, so that B-9
    comes before B-10, and is B 9."""
    padded = DIGITS.sub(lambda match: match[0].lstrip("0").rjust(WIDEST, "0"), key)
    return "".join(c for c in padded if c.isalnum())
