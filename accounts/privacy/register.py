"""docs/privacy.md: the registry as a table, for whoever answers for it."""

from django.utils import translation
from django.utils.encoding import force_str

from .models import KEPT, WAIT
from .summary import sections

HEAD = """# What is held about people

Written by `python manage.py privacy_register` from what each application declares in its `privacy.py`; a test fails
when it is out of date. The names are those of the database. An undeclared model or field fails the tests, too.

- A copy of everything held on them is made for whoever asks, under "Your data"; it can be fetched for {kept} days.
- Whoever asks to be erased can take it back for {wait} days. Staff agree or refuse; the night carries it out.
- `python manage.py retention --dry-run` says what is over its time; without the switch, and every night, it goes.
"""
TABLE = """
## {heading} (`{label}`)

| fields | what for | in the copy | erased | kept |
| --- | --- | --- | --- | --- |
"""


def register_in_markdown():
    with translation.override("en"):
        parts = [HEAD.format(kept=KEPT.days, wait=WAIT.days)]
        for section in sections():
            parts.append(TABLE.format(heading=section.heading, label=section.label))
            parts += [_line(group) for group in section.groups]
    return "".join(parts)


def _line(group):
    treatment = group.treatment
    copied = f"no: {force_str(treatment.withheld)}" if treatment.withheld else "yes"
    cells = [
        ", ".join(f"`{name}`" for name in group.names),
        treatment.why,
        copied,
        treatment.erased.label,
        treatment.kept.label,
    ]
    return "| " + " | ".join(force_str(cell).replace("|", "\\|") for cell in cells) + " |\n"
