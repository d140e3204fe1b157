"""How a design change stands: which homes have answered what, which are silent, and all that was said for each."""

from dataclasses import dataclass, field

from .models import Answer, DesignCall

MOST_KEYS = 500


@dataclass
class HomeRow:
    """One home with all that was said for it, and all calls, in order."""

    home: object
    version: int  # of the present text
    answers: list = field(default_factory=list)
    calls: list = field(default_factory=list)

    @property
    def standing(self):
        return next((answer for answer in self.answers if answer.ended_at is None), None)

    @property
    def is_answered(self):
        """Whether the present text was answered; silence and earlier answers are none."""
        return self.standing is not None and self.standing.text_version == self.version


def homes_by(change, state):
    """The homes of the change that stand so: waiting, unowned, objected, acknowledged; "" for all.

    An objection to an earlier text still stands, though the home has not answered the present one.
    """
    standing = Answer.objects.standing().filter(change=change)
    waiting = change.waiting_homes()
    found = {
        "waiting": lambda: change.hosted_homes(waiting),
        "unowned": lambda: waiting.exclude(pk__in=change.hosted_homes().order_by().values("pk")),
        "objected": lambda: change.homes.filter(pk__in=standing.objections().values("home")),
        "acknowledged": lambda: change.homes.filter(
            pk__in=standing.filter(answer="acknowledged", text_version=change.text_version).values("home")
        ),
    }
    homes = found[state]() if state in found else change.homes.all()
    return homes.select_related("building", "development").order_by("building__name", "number", "pk")


def tally(change):
    """{state: how many homes}, with "" for all. A query each."""
    return {state: homes_by(change, state).count() for state in ("waiting", "objected", "acknowledged", "unowned", "")}


def rows_of(change, homes):
    """A HomeRow for each of these homes, in their order. Few are asked for by their keys, thousands by the change."""
    rows = {home.pk: HomeRow(home, change.text_version) for home in homes}
    narrow = {"home__in": rows} if len(rows) <= MOST_KEYS else {}
    for answer in Answer.objects.filter(change=change, **narrow).select_related("owner"):
        if answer.home_id in rows:
            rows[answer.home_id].answers.append(answer)
    for call in DesignCall.objects.filter(change=change, **narrow).select_related("owner", "by"):
        if call.home_id in rows:
            rows[call.home_id].calls.append(call)
    return list(rows.values())
