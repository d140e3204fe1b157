"""Who hears of a page that was handed in, and what came of it, through the outbox; Wagtail's own mails are off."""

from django.contrib.auth import get_user_model
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import signal_handlers
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from accounts.notices import topics
from accounts.notices.actions import tell
from accounts.notices.kinds import EMAIL, INBOX, Kind, register

from .words import day_and_time, to_come

WAGTAILS = {
    "group_approval_task_submitted_email_notification": (task_submitted, TaskState),
    "workflow_state_submitted_email_notification": (workflow_submitted, WorkflowState),
    "workflow_state_rejected_email_notification": (workflow_rejected, WorkflowState),
    "workflow_state_approved_email_notification": (workflow_approved, WorkflowState),
}


def say_it_instead():
    """Disconnect Wagtail's mails, which leave within the request and are lost when the mail server is down."""
    assert signal_handlers  # noqa: S101  they are connected by now
    for uid, (signal, sender) in WAGTAILS.items():
        signal.disconnect(sender=sender, dispatch_uid=uid)


class OfPages(Kind):
    topic = topics.DESK
    model = WorkflowState
    channels = (INBOX, EMAIL)
    action = gettext_lazy("Open the page")
    why = gettext_lazy("You receive this message because you look after pages.")

    def url(self, handed_in):
        return reverse("wagtailadmin_pages:edit", args=[handed_in.object_id])


@register("page-handed-in")
class PageHandedIn(OfPages):
    """To those who may approve it."""

    label = gettext_lazy("Pages that wait for approval")

    def still_true(self, handed_in):
        return handed_in.status == WorkflowState.STATUS_IN_PROGRESS

    def title(self, handed_in):
        return _("Waits for your approval: %(page)s") % {"page": handed_in.content_object.draft_title}

    def paragraphs(self, handed_in):
        found = [_("Please look at it in the preview, then approve it or say what should change.")]
        draft, now = handed_in.content_object.get_latest_revision_as_object(), timezone.now()
        if begins := to_come(draft.go_live_at, at=now):
            found.append(_("It is meant to be published on %(begins)s.") % {"begins": day_and_time(begins, at=now)})
        return found


@register("page-looked-at")
class PageLookedAt(OfPages):
    """To whoever handed it in."""

    label = gettext_lazy("Pages that you handed in")

    def still_true(self, handed_in):
        return handed_in.status in {WorkflowState.STATUS_APPROVED, WorkflowState.STATUS_NEEDS_CHANGES}

    def title(self, handed_in):
        approved = handed_in.status == WorkflowState.STATUS_APPROVED
        words = _("Approved: %(page)s") if approved else _("Please change: %(page)s")
        return words % {"page": handed_in.content_object.draft_title}

    def paragraphs(self, handed_in):
        comment = handed_in.task_states.exclude(comment="").order_by("-started_at").values_list("comment", flat=True)
        return list(comment[:1])


@receiver(task_submitted, dispatch_uid="editing.page_handed_in")
def tell_who_may_approve(sender, instance, user=None, **kwargs):
    groups = getattr(instance.task.specific, "groups", None)
    if groups is None or not hasattr(instance.workflow_state.content_object, "draft_title"):
        return
    people = get_user_model().objects.filter(is_active=True, groups__in=groups.all()).distinct()
    if user is not None:
        people = people.exclude(pk=user.pk)
    tell(people, "page-handed-in", instance.workflow_state, at=timezone.now(), step=str(instance.pk))


@receiver([workflow_approved, workflow_rejected], dispatch_uid="editing.page_looked_at")
def tell_who_handed_in(sender, instance, user=None, **kwargs):
    author = instance.requested_by
    if author is None or author == user or not hasattr(instance.content_object, "draft_title"):
        return
    step = f"{instance.current_task_state_id}-{instance.status}"
    tell([author], "page-looked-at", instance, at=timezone.now(), step=step)
