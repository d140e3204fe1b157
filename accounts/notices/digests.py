"""One message for all that waited for the evening.

What waits are rows of the outbox like any other. When their moment has come they are gathered under a notice of its
own, the digest, which is delivered like any other: leased, claimed, with one Message-ID, tried again, a dead letter
after three claims. At sending each of the gathered is asked anew whether it is still true and still wanted; what
comes of the digest then comes of those that stand in it.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q

from accounts.models import Channel

from .actions import queue_delivery
from .choosing import plan
from .models import Notice

State = Notice.State
LOT = 500  # people at once
CODE = "digest"


def gather(*, at):
    """Put what waited for a digest that is due under one, a person each. Returns how many digests there are."""
    made = 0
    while lot := _gather_some(at=at):
        made += lot
    if made:
        queue_delivery()
    return made


@transaction.atomic
def _gather_some(*, at):
    due = Notice.objects.for_digest().filter(digest=None, next_try_at__lte=at)
    people = list(due.order_by().values_list("owner", "user").distinct()[:LOT])
    theirs = Q(owner__in=[owner for owner, __ in people if owner]) | Q(user__in=[user for __, user in people if user])
    waiting = defaultdict(list)
    for notice in due.filter(theirs).select_for_update(skip_locked=True).order_by("next_try_at", "pk"):
        waiting[notice.owner_id, notice.user_id].append(notice)
    digests = {digest.key: digest for digest in [_digest(*each, at=at) for each in waiting.items()]}
    Notice.objects.bulk_create(digests.values(), ignore_conflicts=True)
    open_ones = _not_begun(digests)
    for key, notices in zip(digests, waiting.values(), strict=True):
        _put_under(open_ones.get(key), notices, at=at)
    gathered = [notice for notices in waiting.values() for notice in notices if notice.digest]
    Notice.objects.bulk_update(gathered, ["digest"], batch_size=LOT)
    return len(waiting)


def _digest(person, notices, *, at):
    owner, user = person
    moment = notices[-1].next_try_at
    digest = Notice(
        key=f"{CODE}:{moment:%Y-%m-%d-%H-%M}:{owner or user}:{Channel.EMAIL}",
        kind=CODE,
        subject_kind=Notice._meta.label_lower,
        owner_id=owner,
        user_id=user,
        channel=Channel.EMAIL,
        created_at=at,
        due_at=moment,
        next_try_at=at,
    )
    digest.subject_id = str(digest.pk)
    return digest


def _not_begun(keys):
    """{key: digest} of those that no worker has looked at yet."""
    found = Notice.objects.filter(key__in=keys, state=State.QUEUED, claims=0, lease=None).select_for_update()
    return {digest.key: digest for digest in found}


def _put_under(digest, notices, *, at):
    """Under the digest; or, when that has begun without them, towards the next one."""
    if digest is None:
        for notice in notices:
            plan(notice, notice.mode, at=at)
    else:
        for notice in notices:
            notice.digest = digest


def settle():
    """What came of a digest comes of all that stand in it. Returns how many notices that ended."""
    ended = Notice.objects.for_digest().exclude(digest=None).exclude(digest__state=State.QUEUED)
    digests = Notice.objects.filter(pk__in=ended.order_by().values("digest"))
    return sum(_settle(digest) for digest in digests)


def _settle(digest):
    fields = {"state": digest.state, "reason": digest.reason, "message_id": digest.message_id}
    if digest.state == State.SENT:
        fields["sent_at"] = digest.sent_at
    # Asked once more: staff may have had it tried again since it was read, and then these wait, too.
    return digest.gathered.filter(state=State.QUEUED, digest__state=digest.state).update(**fields)
