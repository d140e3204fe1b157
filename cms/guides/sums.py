"""What fees come to for one home, to the cent, rounded as at a counter."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")


class Per(TextChoices):
    """What a rate is for."""

    M2_MONTH = "m2-month", _("m² a month")
    M2 = "m2", _("m²")
    HOME = "home", _("home")
    MONTH = "month", _("month")


BY_AREA = {Per.M2, Per.M2_MONTH}
BY_MONTH = {Per.MONTH, Per.M2_MONTH}


@dataclass(frozen=True)
class Sum:
    """One line: its rate, by what it is multiplied, and what it comes to; None where the area is not known."""

    label: str
    rate: Decimal
    per: Per
    area: Decimal | None
    months: int | None
    amount: Decimal | None
    note: str = ""

    @property
    def is_by_area(self):
        return self.per in BY_AREA


@dataclass(frozen=True)
class Sums:
    lines: list[Sum]
    area: Decimal | None

    @property
    def total(self):
        """Of the rounded lines, so that adding up what stands there gives it; None where one is not known."""
        amounts = [line.amount for line in self.lines]
        return None if None in amounts else sum(amounts, Decimal(0))

    @property
    def by_area(self):
        """Whether any of it depends on how large the home is."""
        return any(line.is_by_area for line in self.lines)


def sums_for(lines, area):
    """`lines`: values of the block of fees. `area`: the home's in m², or None."""
    return Sums([_sum(line, area) for line in lines], area)


def _sum(line, area):
    per = Per(line["per"])
    months = (line.get("months") or 1) if per in BY_MONTH else None
    measured = area if per in BY_AREA else None
    known = per not in BY_AREA or area is not None
    amount = line["rate"] * (measured if measured is not None else 1) * (months or 1)
    return Sum(
        label=line["label"],
        rate=line["rate"],
        per=per,
        area=measured,
        months=months,
        amount=amount.quantize(CENT, ROUND_HALF_UP) if known else None,
        note=line.get("note") or "",
    )
