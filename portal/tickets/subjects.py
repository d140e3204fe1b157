"""What a ticket asks about: an update, a document, a milestone; named also when its readers see it no more."""

from progress.questions import subjects


def subject_of(ticket):
    """The title of what a ticket asks about, in the active language; "" where that is the home itself."""
    row = subjects.rows_of(ticket.subject_kind, [ticket.subject_id]).get(ticket.subject_id)
    return subjects.title_of(row) if row else ""
