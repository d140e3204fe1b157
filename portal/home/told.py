"""What we told them, and what became of each message: to oneself, the same truth that staff see."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Channel, Owner, User
from accounts.notices.addresses import known_addresses, reachable
from accounts.notices.models import Notice
from accounts.notices.outcomes import told as with_outcome
from progress.former import messages_are_over

from .guards import private


@private
@require_safe
def told(request):
    """Newest first. To a customer this ends with their messages, 180 days after their last home."""
    notices = Notice.objects.for_user(request.user)
    if messages_are_over(request.user, on=timezone.localdate()):
        notices = notices.filter(owner__isnull=True)
    page = Paginator(notices.order_by("-created_at", "pk"), 30).get_page(request.GET.get("page"))
    rows = [(with_outcome(notice), _link(notice)) for notice in page]
    return render(request, "home/told.html", {"page": page, "rows": rows, "refused": _refused(request.user)})


def _refused(user):
    """[(Channel, address, why)] at which messages no longer reach this person."""
    owner = reachable(Owner.objects.active().filter(user=user)).first()
    person = owner or reachable(User.objects.filter(pk=user.pk)).get()
    return [each for each in known_addresses(person) if each[2]]


def _link(notice):
    """The message in the inbox, while its text is kept."""
    kept = notice.channel == Channel.INBOX and notice.state == Notice.State.SENT and notice.title
    return reverse("home:message", args=[notice.pk]) if kept else ""
