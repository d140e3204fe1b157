"""Writing the log. Call inside the transaction that makes the change."""

from .models import Event


def record(verb, subject, *, by, home=None, reason=""):
    """Note that `by` (a User, or None for a background job) did `verb` to `subject`. Returns the Event."""
    return Event.objects.create(
        actor=by,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        home_id=home.pk if home else None,
        reason=reason,
    )


def record_each(verb, subjects, *, by):
    """`record` for many rows at once, each with the home it belongs to, if it has one."""
    Event.objects.bulk_create(
        Event(
            actor=by,
            verb=verb,
            subject_kind=subject._meta.label_lower,
            subject_id=str(subject.pk),
            home_id=getattr(subject, "home_id", None),
        )
        for subject in subjects
    )
