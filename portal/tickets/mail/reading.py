"""From the bytes of a mail to what it says: its subject, its words, what they quote, and what is attached.

Everything here was written by strangers. Nothing is trusted but what comes out of it: plain text without characters
that turn or hide others, and files that have passed the checks of every other upload.
"""

import re
from dataclasses import dataclass, field
from itertools import islice

from anymail.inbound import AnymailInboundMessage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.files.checks import shown_name

from .headers import header
from .html import words_of
from .quotes import fold

MOST_PARTS, MOST_FILES = 200, 10
SMALLEST_INLINE = 20_000  # bytes: smaller pictures between the lines are the logos of signatures
LONGEST_READ = 200_000  # characters
AGAIN = re.compile(r"\s*(re|aw|fw|fwd|回复|答复|回覆|转发|轉寄)\s*[:：]\s*", re.IGNORECASE)
# Those that turn the direction of writing; byte order marks; whatever is a control and no line's end.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass
class Letter:
    subject: str
    text: str
    quoted: str
    files: list = field(default_factory=list)  # of UploadedFile, unchecked
    left_out: list = field(default_factory=list)  # names of those beyond what is taken at once


def plain(text):
    """`text` without anything that acts on its neighbours, and with lines that end in one way."""
    text = re.sub(r"\r\n?|\u2028|\u2029|\x85", "\n", str(text))
    text = HIDDEN.sub("", text).replace("\t", " ").replace("\xa0", " ")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ ]+\n", "\n", text)).strip()


def one_line(text):
    return " ".join(plain(text).split())


def subject_of(message):
    """The subject in one line, without the "Re:" of every round."""
    subject = one_line(header(message, "Subject"))
    while (shorter := AGAIN.sub("", subject, count=1) if AGAIN.match(subject) else subject) != subject:
        subject = shorter
    return subject


def read(raw, *, stripped=""):
    """The Letter in the bytes `raw`. `stripped`: what the provider took for its text without quotes.

    Raises whatever broken mail makes Python's parser raise.
    """
    message = AnymailInboundMessage.parse_raw_mime_bytes(raw)
    whole = plain(_words(message)[:LONGEST_READ])
    text, quoted = _without_quotes(whole, plain(stripped))
    files, left_out = _attached(message)
    return Letter(subject_of(message), text, quoted, files, left_out)


def _words(message):
    return message.text or words_of(message.html or "")


def _without_quotes(whole, stripped):
    if not stripped:
        return fold(whole)
    return stripped, whole[len(stripped) :].strip() if whole.startswith(stripped) else ""


def _attached(message):
    found = [part for part in islice(message.walk(), MOST_PARTS) if _is_file(part)]
    taken = [file for part in found[:MOST_FILES] if (file := _file(part))]
    return taken, [shown_name(part.get_filename()) for part in found[MOST_FILES:]]


def _is_file(part):
    if part.is_attachment():
        return True
    if part.is_multipart() or part.get_content_maintype() not in {"image", "video"}:
        return False
    return len(part.get_payload(decode=True) or b"") >= SMALLEST_INLINE


def _file(part):
    """The part as an upload; one whose content can't be read is empty, and refused as such."""
    try:
        content = part.get_content_bytes() or b""
    except Exception:  # a message within a message, a charset nobody knows
        content = b""
    return SimpleUploadedFile(one_line(part.get_filename() or ""), content, part.get_content_type())
