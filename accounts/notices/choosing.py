"""Choosing how one hears of a topic, and what that means for the messages that wait."""

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Greatest

from accounts.events.actions import record
from accounts.models import Owner

from . import kinds, reasons
from .actions import queue_delivery
from .models import Notice, Preference
from .moments import WAITING, until_digest
from .preferences import offered, offered_for
from .topics import Mode

State = Notice.State


class PreferenceError(Exception):
    """What was chosen is not on offer."""


@transaction.atomic
def choose(person, topic, channel, mode, *, by, at):
    """From now on this Owner or User gets the optional messages of `topic` on `channel` so; those that wait, too.

    `by` is None where a link did it, without a login. Chosen again, nothing changes. Returns whether it was new.
    Raises PreferenceError.
    """
    if mode not in offered_for(topic, channel):
        raise PreferenceError(f"{mode} is not offered for {topic.code} by {channel}.")
    which = {**_holder(person), "topic": topic.code, "channel": channel}
    if mode == Mode.NOW and not Preference.objects.filter(**which).exists():
        return False
    chosen, __ = Preference.objects.select_for_update().get_or_create(**which, defaults={"mode": Mode.NOW})
    if chosen.mode == mode:
        return False
    chosen.version += bool(by and chosen.mode == Mode.OFF)
    chosen.mode = mode
    chosen.save(update_fields=["mode", "version"])
    record("chose", chosen, by=by, reason=str(mode))
    _plan_anew(_waiting(person, topic, channel, mode), mode, at=at)
    return True


def _holder(person):
    return {"owner" if isinstance(person, Owner) else "user": person}


def _waiting(person, topic, channel, mode):
    """What waits, is in no worker's hands, and is not part of a digest that is about to go out."""
    codes = [kind.code for kind in kinds.of_topic(topic) if mode in offered(kind, channel)]
    waiting = Notice.objects.filter(**_holder(person), kind__in=codes, channel=channel, state=State.QUEUED)
    return waiting.filter(lease=None, digest=None)


def _plan_anew(waiting, mode, *, at):
    if mode == Mode.OFF:
        waiting.update(state=State.SUPPRESSED, reason=reasons.SWITCHED_OFF)
    elif mode == Mode.NOW:
        _send_now(waiting.exclude(mode=Mode.NOW), at=at)
    else:
        for notice in waiting.exclude(mode=mode):
            plan(notice, mode, at=at)


def _send_now(waiting, *, at):
    if waiting.update(
        mode=Mode.NOW, next_try_at=Greatest("due_at", Value(at, output_field=DateTimeField())), reason=""
    ):
        queue_delivery()


def plan(notice, mode, *, at):
    """Let a notice that waits go out with the next digest of this mode after `at`; what can't wait goes now."""
    kind = kinds.get(notice.kind)
    subject = kind.subjects().filter(pk=notice.subject_id).first()
    after = max(notice.due_at, at)
    until = subject and until_digest(mode, kind, subject, after=after, expires=notice.expires_at)
    if until:
        fields = {"mode": mode, "next_try_at": until, "reason": WAITING[mode]}
    else:  # gone, or in a hurry: delivery finds out
        fields = {"mode": Mode.NOW, "next_try_at": after, "reason": ""}
    Notice.objects.filter(pk=notice.pk, state=State.QUEUED).update(digest=None, **fields)
