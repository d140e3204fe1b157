"""How the homes of two customer records of one person come together; registered in `ProgressConfig.ready`."""

from django.utils import timezone

from accounts.events.actions import record
from accounts.merges.movers import Mover, register

from .models import Ownership, RightState, Role

STRENGTH = [Role.OWNER, Role.CO_OWNER, Role.FAMILY, Role.TENANT]


@register(Ownership, "owner")
class Ownerships(Mover):
    """Where both belong to a home, one right remains, in the stronger role; the other ends with its record."""

    def move(self, *, kept, gone, by, at):
        theirs = {tie.home_id: tie for tie in self._current(kept)}
        both = [
            self._join(theirs[tie.home_id], tie, by=by, at=at) for tie in self._current(gone) if tie.home_id in theirs
        ]
        ended = [pair["ended"] for pair in both]
        others = self.rows(gone).exclude(pk__in=ended)
        rows = [str(pk) for pk in self._hand_over(others, list(others.values_list("pk", flat=True)), kept)]
        return {"rows": rows, "both": both} if rows or both else None

    def _current(self, owner):
        rows = self.rows(owner).select_for_update(of=("self",)).select_related("home")
        return list(rows.exclude(state=RightState.ENDED))

    def _join(self, tie, other, *, by, at):
        """`tie` takes the stronger role and the earlier beginning of `other`, which ends. Returns how it was."""
        fields = ("role", "state", "since", "until")
        kept_was = {field: getattr(tie, field) and str(getattr(tie, field)) for field in fields}
        gone_was = {field: getattr(other, field) and str(getattr(other, field)) for field in fields}
        tie.role = min(tie.role, other.role, key=STRENGTH.index)
        tie.since = min(tie.since, other.since)
        tie.state = RightState.LIVE if RightState.LIVE in (tie.state, other.state) else tie.state
        tie.until = max(tie.until, other.until) if tie.until and other.until else None
        tie.save()
        other.state, other.until = RightState.ENDED, max(timezone.localdate(at), other.since)
        other.save(update_fields=["state", "until"])
        record("ended", other, by=by, home=other.home, reason="merge")
        return {"kept": str(tie.pk), "kept_was": kept_was, "ended": str(other.pk), "gone_was": gone_was}

    def move_back(self, moved, *, kept, gone, by, at):
        """A right that ended since, as by a resale, stays ended for both."""
        self._hand_over(self.rows(kept), moved["rows"], gone)
        for pair in moved["both"]:
            standing = self.rows(kept).exclude(state=RightState.ENDED).filter(pk=pair["kept"])
            if standing.update(**pair["kept_was"]):
                self.rows(gone).filter(pk=pair["ended"]).update(**pair["gone_was"])
                other = Ownership.objects.select_related("home").get(pk=pair["ended"])
                record("began", other, by=by, home=other.home, reason="merge undone")
