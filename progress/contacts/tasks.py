"""Recurring work on the people around homes."""

from django.utils import timezone

from accounts import jobs

from .actions import move_due_work
from .introductions import introduce_new_owners


@jobs.nightly
def pass_work_on(*, at):
    move_due_work(today=timezone.localdate(at))


@jobs.nightly
def introduce_to_new_owners(*, at):
    introduce_new_owners(today=timezone.localdate(at), at=at)
