"""What somebody who leaves has begun in the other apps, and which of it a colleague can take over."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.events.actions import record_each
from accounts.leaving import Work, register
from progress import scope
from progress.documents.models import DocumentBatch
from progress.enquiries.models import Enquiry
from progress.imports.models import ImportRun
from progress.promises.actions import hand_over
from progress.promises.models import Promise
from progress.transfers.models import HomeTransfer
from progress.updates.models import Update


@register
class UnpublishedUpdates(Work):
    """Drafts, and what is scheduled: published, it names its author, so the author becomes who looks after it."""

    label = _("Drafts and scheduled updates")

    def of(self, user):
        return Update.objects.filter(author=user).exclude(state=Update.State.PUBLISHED)

    def pieces(self, user):
        rows = self.of(user).select_related("development")
        return [(f"{row} ({row.get_state_display()})", reverse("desk_update:inspect", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by):
        if not to.has_perm("updates.change_update"):
            return 0
        theirs = self.of(user).filter(scope.of_assigned(to, Update, "development"))
        rows = list(theirs.select_for_update(of=("self",)))
        Update.objects.filter(pk__in=[row.pk for row in rows]).update(author=to)
        record_each("handed over", rows, by=by)
        return len(rows)


@register
class WaitingFiles(Work):
    """Documents sent and not yet published: only who sent them sees them."""

    label = _("Documents that wait for a look at where they go")

    def of(self, user):
        return DocumentBatch.objects.filter(uploader=user, published_at=None)

    def pieces(self, user):
        return [(row.created_at.date().isoformat(), "") for row in self.of(user).order_by("created_at")]

    def hand_over(self, user, *, to, by):
        if not to.has_perm("documents.add_homedocument"):
            return 0
        rows = list(self.of(user).select_for_update())
        DocumentBatch.objects.filter(pk__in=[row.pk for row in rows]).update(uploader=to)
        record_each("handed over", rows, by=by)
        return len(rows)


@register
class OpenQuestions(Work):
    label = _("Questions that they have answered, not closed yet")

    def pieces(self, user):
        rows = Enquiry.objects.not_closed().filter(replies__author=user, replies__by_staff=True).distinct()
        return [
            (str(row), reverse("desk_enquiry:inspect", args=[row.pk]))
            for row in rows.select_related("home__development", "owner")
        ]


@register
class PlannedTransfers(Work):
    """They happen on their day, whoever has entered them."""

    label = _("Transfers of homes that they have planned")

    def pieces(self, user):
        rows = HomeTransfer.objects.planned().filter(created_by=user).select_related("home__development")
        return [(str(row), reverse("desk_hometransfer:inspect", args=[row.pk])) for row in rows]


@register
class WaitingImports(Work):
    label = _("Imports that wait for a word")

    def pieces(self, user):
        rows = ImportRun.objects.filter(uploader=user, state=ImportRun.State.PREVIEWED)
        return [(row.name, reverse("desk_imports:run", args=[row.pk])) for row in rows]


@register
class Promises(Work):
    """What they answer for by name; what a team answers for stays with the team."""

    label = _("Promises that they answer for")

    def of(self, user):
        return Promise.objects.open().filter(responsible=user)

    def pieces(self, user):
        rows = self.of(user).select_related("home__development", "development")
        return [
            (f"{row}, {row.home or row.development}", reverse("desk_updates:promise", args=[row.pk])) for row in rows
        ]

    def hand_over(self, user, *, to, by):
        theirs = self.of(user).filter(scope.of_assigned(to, Promise, "development"))
        return len([hand_over(promise, to=to, by=by) for promise in theirs])
