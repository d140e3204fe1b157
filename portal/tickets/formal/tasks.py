"""Recurring work on letters, and the worker's entry point."""

from django.utils import timezone

from accounts import jobs

from . import letters
from .models import Letter


@jobs.every_minute
def tidy_complaint_letters(*, at):
    """Letters whose task or worker was lost."""
    letters.tidy(at=at)


def make_letter(pk):
    """Make the PDF of a letter. Running it twice makes one."""
    found = Letter.objects.filter(pk=pk).select_related("by", "complaint__ticket__home__development")
    for letter in found.select_related("complaint__ticket__development", "complaint__ticket__owner", "by"):
        letters.make(letter, at=timezone.now())
