"""What may happen to a question of satisfaction: asked, at most once a month, and answered once."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Owner

from .following import tell_followers
from .models import A_MONTH, LONGEST, Satisfaction


class SurveyError(Exception):
    """Refused. The message is worded for the person who answers."""


@transaction.atomic
def ask(*, key, owner, subject, at, touchpoint=None, development=None, home=None):
    """Ask `owner` how content they are with `subject`. Returns the Satisfaction.

    None, and nothing is asked: they were asked anything within a month, or are a customer no more. Asked again with
    the same `key`, the first one stands. Whoever asks tells the owner.
    """
    owner = Owner.objects.select_for_update(no_key=True).get(pk=owner.pk)  # one question at a time
    if standing := Satisfaction.objects.filter(key=key).first():
        return standing
    if owner.erased_at or owner.satisfaction.filter(asked_at__gt=at - A_MONTH).exists():
        return None
    return Satisfaction.objects.create(
        key=key,
        owner=owner,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        touchpoint=touchpoint,
        development=development,
        home=home,
        asked_at=at,
    )


@transaction.atomic
def answer(satisfaction, *, score, by, at, words=""):
    """Note what was answered; the same once more changes nothing. Returns the Satisfaction.

    Raises SurveyError for a question to somebody else, one that is answered or too old, and a score that is none.
    """
    found = Satisfaction.objects.own(by).select_for_update(of=("self",)).filter(pk=satisfaction.pk).first()
    if found is None:
        raise SurveyError(_("This question was asked of somebody else."))
    score, words = _checked(score, words)
    if found.is_answered:
        if (found.score, found.words) == (score, words):
            return found
        raise SurveyError(_("You have answered this already. Thank you!"))
    if not found.can_be_answered(at=at):
        raise SurveyError(_("This question is too old to be answered. Please write to us if something is wrong."))
    found.score, found.words, found.answered_at = score, words, at
    found.save(update_fields=["score", "words", "answered_at"])
    record("answered", found, by=by, home=found.home)
    tell_followers(found, by=by, at=at)
    return found


def _checked(score, words):
    if score not in Satisfaction.Score.values:
        raise SurveyError(_("Please choose one of the five answers."))
    words = words.replace("\x00", "").strip()
    if len(words) > LONGEST:
        raise SurveyError(_("Please keep it short: 1,000 characters at most."))
    return score, words
