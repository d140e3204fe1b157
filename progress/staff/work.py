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
from progress.questions.models import Question, with_subjects
from progress.transfers.models import HomeTransfer
from progress.updates.models import Update

from .actions import everywhere


class InPlaces(Work):
    """Rows at developments: what is written there, and about whom, is read by those who work there."""

    model, path = None, ""

    def of(self, user):
        """The rows that are theirs and wait."""
        raise NotImplementedError

    def shown(self, rows):
        """(words, address) of each."""
        raise NotImplementedError

    def pieces(self, user, *, viewer):
        rows = self.of(user)
        theirs = self.model.objects.filter(scope.of_assigned(viewer, self.model, self.path))
        seen = self.shown(rows.filter(pk__in=theirs.order_by().values("pk")))
        return seen, rows.count() - len(seen)


@register
class UnpublishedUpdates(InPlaces):
    """Drafts, and what is scheduled: published, it names its author, so the author becomes who looks after it."""

    label = _("Drafts and scheduled updates")
    model, path = Update, "development"

    def of(self, user):
        return Update.objects.filter(author=user).exclude(state=Update.State.PUBLISHED)

    def shown(self, rows):
        rows = rows.select_related("development")
        return [(f"{row} ({row.get_state_display()})", reverse("desk_update:inspect", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by, at):
        if not to.has_perm("updates.change_update"):
            return 0
        theirs = self.of(user).filter(scope.of_assigned(to, Update, "development"))
        rows = list(theirs.select_for_update(of=("self",)))
        Update.objects.filter(pk__in=[row.pk for row in rows]).update(author=to)
        record_each("handed over", rows, by=by)
        return len(rows)


@register
class WaitingFiles(Work):
    """Documents sent and not yet published: only who sent them sees them, the others their day alone."""

    label = _("Documents that wait for a look at where they go")

    def of(self, user):
        return DocumentBatch.objects.filter(uploader=user, published_at=None)

    def pieces(self, user, *, viewer):
        return [(row.created_at.date().isoformat(), "") for row in self.of(user).order_by("created_at")], 0

    def hand_over(self, user, *, to, by, at):
        if not to.has_perm("documents.add_homedocument"):
            return 0
        rows = list(self.of(user).select_for_update())
        DocumentBatch.objects.filter(pk__in=[row.pk for row in rows]).update(uploader=to)
        record_each("handed over", rows, by=by)
        return len(rows)


@register
class OpenQuestions(InPlaces):
    label = _("Questions that they have answered, not closed yet")
    model, path = Question, "home__development"

    def of(self, user):
        return Question.objects.not_closed().filter(replies__author=user, replies__by_staff=True).distinct()

    def shown(self, rows):
        rows = with_subjects(rows.select_related("home__development", "home__building"))
        return [(str(row), reverse("desk_question:inspect", args=[row.pk])) for row in rows]


@register
class OpenEnquiries(InPlaces):
    label = _("Enquiries that they look after")
    model, path = Enquiry, "development"

    def of(self, user):
        return Enquiry.objects.going_on().filter(handled_by=user)

    def shown(self, rows):
        return [(str(row), reverse("desk_enquiry:inspect", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by, at):
        theirs = self.of(user).filter(scope.of_assigned(to, Enquiry, self.path))
        rows = list(theirs.select_for_update(of=("self",)))
        Enquiry.objects.filter(pk__in=[row.pk for row in rows]).update(handled_by=to)
        record_each("handed over", rows, by=by)
        return len(rows)


@register
class PlannedTransfers(InPlaces):
    """They happen on their day, whoever has entered them."""

    label = _("Transfers of homes that they have planned")
    model, path = HomeTransfer, "home__development"

    def of(self, user):
        return HomeTransfer.objects.planned().filter(created_by=user)

    def shown(self, rows):
        rows = rows.select_related("home__development")
        return [(str(row), reverse("desk_hometransfer:inspect", args=[row.pk])) for row in rows]


@register
class WaitingImports(Work):
    label = _("Imports that wait for a word")

    def pieces(self, user, *, viewer):
        rows = ImportRun.objects.filter(uploader=user, state=ImportRun.State.PREVIEWED)
        if not (viewer.has_perm("imports.add_importrun") and everywhere(viewer)):  # as the pages of imports ask
            return [], rows.count()
        return [(row.name, reverse("desk_imports:run", args=[row.pk])) for row in rows], 0


@register
class Promises(InPlaces):
    """What they answer for by name; what a team answers for stays with the team."""

    label = _("Promises that they answer for")
    model, path = Promise, "development"

    def of(self, user):
        return Promise.objects.open().filter(responsible=user)

    def shown(self, rows):
        rows = rows.select_related("home__development", "development", "owner")
        return [
            (f"{row}, {row.home or row.development}", reverse("desk_updates:promise", args=[row.pk])) for row in rows
        ]

    def hand_over(self, user, *, to, by, at):
        theirs = self.of(user).filter(scope.of_assigned(to, Promise, "development"))
        return len([hand_over(promise, to=to, by=by) for promise in theirs])
