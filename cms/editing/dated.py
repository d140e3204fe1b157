"""Drafts that carry a date although nobody has scheduled them: nothing would happen on that day."""

from django.contrib import messages
from django.db.models import DateTimeField, F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from . import words


def unscheduled(pages):
    """Those of `pages` whose latest draft is meant for a day, `meant_for`, and not scheduled; the earliest first.

    The day is read from the draft, since the row of a live page still says what is live. A day that went by before
    the page was last published has had its publication.
    """
    drafts = pages.filter(has_unpublished_changes=True, latest_revision__approved_go_live_at=None)
    day = KeyTextTransform("go_live_at", "latest_revision__content")
    drafts = drafts.annotate(meant_for=Cast(day, DateTimeField()))
    not_since = Q(last_published_at=None) | Q(meant_for__gt=F("last_published_at"))
    return drafts.filter(not_since, meant_for__isnull=False).order_by("meant_for", "pk")


def is_unscheduled(page):
    """The same of one draft, as the editor shows it."""
    if not page.go_live_at or not page.has_unpublished_changes or page.approved_schedule:
        return False
    return page.last_published_at is None or page.go_live_at > page.last_published_at


def what_is_missing(page, *, meant_for, may_publish, at):
    """Why this draft won't be published on its day, and what to do about it."""
    day = {"day": words.day_and_time(meant_for, at=at)}
    waits = page.current_workflow_state and page.current_workflow_state.status == "in_progress"
    if meant_for <= at:
        return _("This draft was meant for %(day)s and nobody scheduled it: it has not been published.") % day
    if waits:
        return _("This draft is meant for %(day)s. It will be published then only if it is approved before.") % day
    if may_publish:
        return (
            _(
                "This draft is meant for %(day)s, but nobody has scheduled it: it won't be published by itself. "
                "Choose “Publish on…” below."
            )
            % day
        )
    return (
        _(
            "This draft is meant for %(day)s, but nobody has scheduled it: it won't be published by itself. "
            "Hand it in, and it will be published then if it is approved before."
        )
        % day
    )


def warn(request, page):
    """Hook `before_edit_page`: says so above the form, each time it is opened."""
    if request.method != "GET" or "_w_hydrate_create_view" in request.GET or not is_unscheduled(page):
        return
    may_publish = page.permissions_for_user(request.user).can_publish()
    missing = what_is_missing(page, meant_for=page.go_live_at, may_publish=may_publish, at=timezone.now())
    messages.warning(request, missing)
