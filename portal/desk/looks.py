"""Opening a customer's file is noted, and shown: to supervisors on the desk, to the customer on their own pages."""

from django.utils import timezone

from accounts.events.looks import looks_at, looks_at_home, note_look

MAY_SEE = "accounts.view_user"
SHOWN = 20


def _itself(row):
    return [(row, row.pk if row._meta.model_name == "home" else getattr(row, "home_id", None))]


# What counts as a customer's file: (what is looked at, id of its home) of a row.
FILES = {
    "accounts.owner": _itself,
    "progress.home": _itself,
    "progress.ownership": _itself,
    "documents.homedocument": _itself,
    "enquiries.enquiry": _itself,
    "bookings.booking": _itself,
    "visits.visit": _itself,
    "materials.recalledhome": _itself,
    "questions.question": _itself,
    "ticket_mail.incomingmail": _itself,
    "tickets.ticket": _itself,
    "opinions.opinion": _itself,
    "ticket_jobs.job": lambda job: [(job.ticket, job.ticket.home_id)],
    "formal_complaints.formalcomplaint": lambda complaint: [(complaint, complaint.ticket.home_id)],
    "transfers.hometransfer": _itself,
    "privacy.erasurerequest": lambda wish: [(wish.owner, None)],
    "merges.ownermerge": lambda merge: [(merge.kept, None), (merge.gone, None)],
}


class NotesLooks:
    """A view of one row: whoever was shown a customer's file has looked at it.

    Noted once the page is made: the history, which shows this very log, has counted its rows before it lists them.
    """

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200:
            response.add_post_render_callback(self.note_looks)
        return response

    def note_looks(self, response):
        files = FILES.get(self.model._meta.label_lower)
        for subject, home_id in files(self.object) if files else ():
            note_look(subject, by=self.request.user, home_id=home_id, at=timezone.now())


def who_looked(row, user):
    """The last looks at an owner's or a home's file, for those who may see them; None for others."""
    if not user.has_perm(MAY_SEE):
        return None
    if row._meta.model_name == "home":
        return looks_at_home(row)[:SHOWN]
    return looks_at(row, row.ownerships.values_list("home_id", "since", "until"))[:SHOWN]
