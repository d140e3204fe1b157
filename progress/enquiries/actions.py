"""What may happen to a question: asked, followed up, answered, closed.

The home's row is the lock for whatever its people say, the question's for whatever is said after it.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Owner, User
from accounts.notices.actions import mark_read_about, tell
from progress import scope
from progress.households.actions import lock_home
from progress.models import Assignment, Home

from . import subjects
from .models import LONGEST, Enquiry, Reply

MOST_OPEN = 20
MOST_REPLIES = 100


class EnquiryError(Exception):
    """Refused. The message is worded for the person who wrote."""


class OvertakenError(EnquiryError):
    """Something was said in the meantime that the writer has not seen."""


@transaction.atomic
def ask(*, enquiry_id, home, subject, text, by, at):
    """Ask `text` about `subject` (an Update, HomeDocument or Milestone; None: the home), and tell the staff.

    `enquiry_id` comes from the form: sent twice, it still makes one question.
    Raises EnquiryError when `by` does not belong to the home or sees no such subject, has 20 questions open,
    or says nothing or too much.
    """
    home = lock_home(home.pk)
    if earlier := Enquiry.objects.filter(pk=enquiry_id).first():
        return _same(earlier, sent_by=earlier.asked_by_id, by=by)
    owner = _asking(home, subject, by)
    if owner.enquiries.open().count() >= MOST_OPEN:
        raise EnquiryError(_("Twenty of your questions wait for our answer. Please let us answer these first."))
    enquiry = Enquiry.objects.create(
        pk=enquiry_id,
        home=home,
        owner=owner,
        asked_by=by,
        subject_kind=subjects.kind_of(subject),
        subject_id=subject and subject.pk,
        text=_checked(text),
        created_at=at,
    )
    record("asked", enquiry, by=by, home=home)
    tell(staff_for(home), "enquiry-asked", enquiry, at=at)
    return enquiry


def _asking(home, subject, user):
    """The customer record of `user`, who sees `subject` as somebody of the home.

    Locked after the home: whoever asks in several homes at once has one limit for all of them.
    """
    owner = Owner.objects.select_for_update(no_key=True).filter(user=user).first()
    sees = owner and _lives_in(home, user)
    if sees and subject:
        sees = subjects.shown(subjects.kind_of(subject), user=user, home=home).filter(pk=subject.pk).exists()
    if not sees:
        raise EnquiryError(_("This is not part of your home any more."))
    return owner


def _lives_in(home, user):
    return Home.objects.lived_in_by(user).filter(pk=home.pk).exists()


def _same(earlier, *, sent_by, by):
    """What a form made that is sent once more; somebody else's stays out of sight."""
    if sent_by != by.pk:
        raise EnquiryError(_("This form has been sent already. Please begin anew."))
    return earlier


def _checked(text):
    text = text.strip()
    if not text:
        raise EnquiryError(_("Please write something."))
    if len(text) > LONGEST:
        raise EnquiryError(_("This is too long. Please say it in 4,000 characters at most."))
    return text


def _locked(enquiry):
    """The question as it is now. Raises EnquiryError when it went meanwhile, with the customer who asked."""
    rows = Enquiry.objects.select_for_update(of=("self",)).select_related("home__development", "owner")
    found = rows.filter(pk=enquiry.pk).first()
    if found is None:
        raise EnquiryError(_("This question is closed; nothing can be added."))
    return found


@transaction.atomic
def follow_up(enquiry, *, reply_id, text, by, at):
    """Add to one's own question, which is open again by that. Sent twice, it is added once.

    Raises EnquiryError when it is closed, `by` has left the home or did not ask it, or says nothing or too much.
    """
    lock_home(enquiry.home_id)
    enquiry = _locked(enquiry)
    if earlier := Reply.objects.filter(pk=reply_id).first():
        return _same(earlier, sent_by=earlier.author_id, by=by)
    if enquiry.is_closed:
        raise EnquiryError(_("This question is closed. Please ask a new one."))
    if enquiry.owner.user_id != by.pk or not _lives_in(enquiry.home, by):
        raise EnquiryError(_("The home is no longer yours; what was said stays here for you to read."))
    if enquiry.replies.count() >= MOST_REPLIES:
        raise EnquiryError(_("This conversation has become very long. Please ask a new question."))
    reply = _add(enquiry, reply_id, text, by=by, at=at, by_staff=False, state=Enquiry.State.OPEN)
    record("followed up", enquiry, by=by, home=enquiry.home)
    tell(staff_for(enquiry.home), "enquiry-asked", enquiry, at=at, step=str(reply.pk))
    return reply


@transaction.atomic
def answer(enquiry, *, reply_id, text, seen, by, at):
    """Answer a question, and tell whoever asked. Sent twice, it is answered once.

    `seen` is how many replies the writer had before their eyes. Raises OvertakenError when there are others by now,
    EnquiryError when it is closed, or says nothing or too much.
    """
    enquiry = _locked(enquiry)
    if earlier := Reply.objects.filter(pk=reply_id).first():
        return _same(earlier, sent_by=earlier.author_id, by=by)
    if enquiry.is_closed:
        raise EnquiryError(_("This question is closed; nothing can be added."))
    if enquiry.replies.count() != seen:
        raise OvertakenError(
            _("Something was written in the meantime. Please read it, and send yours if it still fits.")
        )
    reply = _add(enquiry, reply_id, text, by=by, at=at, by_staff=True, state=Enquiry.State.ANSWERED)
    record("answered", enquiry, by=by, home=enquiry.home)
    tell([enquiry.owner], "enquiry-answered", reply, at=at)
    return reply


def _add(enquiry, reply_id, text, *, by, at, by_staff, state):
    text = _checked(text)
    enquiry.state = state
    enquiry.save(update_fields=["state"])
    return Reply.objects.create(pk=reply_id, enquiry=enquiry, by_staff=by_staff, author=by, text=text, at=at)


@transaction.atomic
def close(enquiry, *, by):
    """Close a question for good; closed already, it stays so. Raises EnquiryError when it is there no more."""
    enquiry = _locked(enquiry)
    if not enquiry.is_closed:
        enquiry.state = Enquiry.State.CLOSED
        enquiry.save(update_fields=["state"])
        record("closed", enquiry, by=by, home=enquiry.home)
    return enquiry


def staff_for(home):
    """Who is told of a question: customer service at the home's development, else the supervisors there."""
    for role in (Assignment.Role.CUSTOMER_SERVICE, Assignment.Role.SUPERVISOR):
        here = Assignment.objects.live().filter(
            Q(development=home.development_id) | Q(development__isnull=True), role=role
        )
        users = User.objects.filter(pk__in=here.values("user")).order_by("pk")
        if told := [user for user in users if scope.may_view(user, Enquiry)]:
            return told
    return []


def note_read(enquiry, *, by, at):
    """Whoever has opened the conversation need not open the messages that told of its answers."""
    mark_read_about(*enquiry.replies.filter(by_staff=True).only("pk"), user=by, at=at)
