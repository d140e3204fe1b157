"""The entries of guides' checklists, read as they are stored, without building their blocks."""

from dataclasses import dataclass

LONGEST_ID = 36


@dataclass(frozen=True)
class Entry:
    """One entry as the page has it. `days` after the milestone `code`, where it has a day at all."""

    id: str
    text: str
    code: str
    days: int | None
    ours: bool

    @property
    def is_dated(self):
        return bool(self.code) and self.days is not None


def entries_of(body):
    """The entries of all checklists of a body as it is stored: a list of blocks. What has no id can't be ticked."""
    lists = (block["value"] for block in body if block["type"] == "checklist")
    items = (item for value in lists for item in value.get("items") or () if isinstance(item, dict))
    return [_entry(item["id"], item["value"]) for item in items if item.get("id") and len(item["id"]) <= LONGEST_ID]


def _entry(pk, value):
    return Entry(
        id=pk,
        text=(value.get("text") or "")[:200],
        code=value.get("milestone") or "",
        days=value.get("days"),
        ours=bool(value.get("ours")),
    )
