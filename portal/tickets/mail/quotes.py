"""Where an answer ends and what it answers begins, as mail programs write it in English and Chinese."""

import re

LONGEST_MARKER = 300  # characters of the lines that may say "somebody wrote:"
SEPARATOR = re.compile(
    r"\s*[-—_]{2,}\s*"
    r"(original message|forwarded message|original|原始邮件|原邮件|回复的原邮件|转发邮件|转发的邮件)"
    r"\s*[-—_]{2,}\s*",
    re.IGNORECASE,
)
BEGINS = re.compile(r"\s*(on\s|在|于|\d{4}\s?[-/年.]|[\"“<])", re.IGNORECASE)
WROTE = re.compile(r"(\bwrote|写道|寫道)\s*[:：]\s*\Z", re.IGNORECASE)
FROM = re.compile(r"\s*\*?(from|发件人|寄件者|寄件人)\*?\s*[:：]", re.IGNORECASE)
BESIDES = re.compile(
    r"\s*\*?(sent|date|to|subject|发送时间|发送日期|日期|收件人|主题|時間|收件者|主旨)\*?\s*[:：]", re.IGNORECASE
)


def fold(text):
    """(what was written, what it quotes) of a mail's text. Where nothing but a quote stands, that is what was written.

    Answers written below or between quoted lines are kept: only lines that begin with ">" leave from among them.
    """
    lines = text.split("\n")
    start, length = _marker(lines)
    if start is None:
        start, length = next((n for n, line in enumerate(lines) if _quoted(line)), len(lines)), 0
    rest = lines[start + length :]
    if any(_quoted(line) for line in rest):
        written = [*lines[:start], *(line for line in rest if not _quoted(line))]
        quoted = [*lines[start : start + length], *(line for line in rest if _quoted(line))]
    else:
        written, quoted = lines[:start], lines[start:]
    said = "\n".join(written).strip()
    return (said, "\n".join(quoted).strip()) if said else (text.strip(), "")


def _quoted(line):
    return line.lstrip().startswith((">", "＞"))


def _marker(lines):
    """(number of the line that begins the quote, how many lines say so); (None, 0) without any."""
    for number, line in enumerate(lines):
        if _quoted(line):
            return None, 0  # what is above it has no marker
        if SEPARATOR.fullmatch(line[:LONGEST_MARKER]):
            return number, 1
        if length := _wrote(lines, number):
            return number, length
        if FROM.match(line) and any(BESIDES.match(each) for each in lines[number + 1 : number + 4]):
            return number, 1
    return None, 0


def _wrote(lines, number):
    """How many lines say "On such a day somebody wrote:", from this one on; programs break it into two or three."""
    if not BEGINS.match(lines[number]):
        return 0
    said = ""
    for length, line in enumerate(lines[number : number + 3], start=1):
        said = f"{said} {line}".strip()
        if len(said) > LONGEST_MARKER or not line.strip():
            return 0
        if WROTE.search(said):
            return length
    return 0
