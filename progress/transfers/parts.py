"""What changing hands means for each kind of thing at a home. Each app registers its own in `AppConfig.ready`:

@register
class Bookings(Part):
    def cancels(self, home): return [Line(_("visits booked"), home.visits.open().count())]
    def carry_out(self, transfer, *, former, by, at): ...
"""

from dataclasses import dataclass

_parts = []


@dataclass(frozen=True)
class Line:
    """One line of the preview: so many of that."""

    label: str
    count: int


class Part:
    """Counts are asked for the preview, `carry_out` inside the transaction of the transfer, the home being locked.

    `is_last`: carried out after all others, since its rows are the last that anybody locks.
    """

    is_last = False

    def passes_on(self, home):
        """What the new owner finds there, as Lines."""
        return []

    def ends(self, home):
        """What ends for the household."""
        return []

    def cancels(self, home):
        """What was arranged with the household and is called off."""
        return []

    def carry_out(self, transfer, *, former, by, at):
        """Do what `ends` and `cancels` announce. `former`: the Owners whose rights have just ended."""


def register(part):
    """Class decorator: ask this Part too. In the order of registration."""
    _parts.append(part())
    return part


def all_parts():
    return sorted(_parts, key=lambda part: part.is_last)


def preview(home):
    """{"passes_on": …, "ends": …, "cancels": …}: Lines of all apps, without those that count nothing."""
    return {
        what: [line for part in _parts for line in getattr(part, what)(home) if line.count]
        for what in ("passes_on", "ends", "cancels")
    }
