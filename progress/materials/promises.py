"""What a recall promises each home: that we deal with it by a day; and the call where nobody can be written to."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register

from .models import RecalledHome

RECALLED, CALL = "material-recall", "material-recall-call"


class AboutRecall(Kind):
    team = Assignment.Role.CUSTOMER_SERVICE

    def prepare(self, promises):
        rows = RecalledHome.objects.with_places().in_bulk([each.subject_id for each in promises])
        for promise in promises:
            promise.recalled = next((row for pk, row in rows.items() if str(pk) == promise.subject_id), None)

    def found(self, promise):
        if not hasattr(promise, "recalled"):
            promise.recalled = RecalledHome.objects.with_places().filter(pk=promise.subject_id).first()
        return promise.recalled

    def holds(self, promise):
        return RecalledHome.objects.standing().filter(pk=promise.subject_id).exists()

    def url(self, promise):
        return reverse("desk_recalledhome:inspect", args=[promise.subject_id])


@register(RECALLED)
class RecallDealtWith(AboutRecall):
    label = gettext_lazy("We deal with the recalled material")
    steps = (Step("two-days-before", days=-2), Step("due", to=(ANSWERABLE, SUPERVISOR)))

    def words(self, promise):
        row = self.found(promise)
        return _("We deal with the recall: %(title)s") % {"title": row.recall} if row else str(self.label)


@register(CALL)
class RecallCall(AboutRecall):
    label = gettext_lazy("Find whoever lives in a recalled home")
    shown = False
    steps = (Step("due", to=(ANSWERABLE, SUPERVISOR)),)

    def words(self, promise):
        row = self.found(promise)
        if row is None:
            return str(self.label)
        return _("Tell %(home)s of the recall, nobody there can be written to: %(title)s") % {
            "home": row.home,
            "title": row.recall,
        }
