"""The people around a home: who looks after it, when they are there, and who took over from whom."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.files.delivery import deliver
from accounts.notices.actions import mark_read_about
from accounts.notices.models import Notice
from progress.contacts.hours import Opening, hours_of, openings
from progress.contacts.models import Contact
from progress.contacts.people import contacts_for
from progress.contacts.roles import FOR_TENANTS

from .guards import own_home, private
from .homes import homes_of

REMEMBERED = timedelta(days=30)  # so long stands who was there before


@dataclass(frozen=True)
class Person:
    """One of them, as owners see them."""

    contact: Contact
    coming: Contact | None = None  # who takes over, once that is settled
    is_new: bool = False  # nobody of this login has looked at what was said of the change yet
    opening: Opening | None = None
    since_lately: bool = False

    @property
    def hours(self):
        return hours_of(self.contact)

    @property
    def photo_url(self):
        """Of the small picture; empty where there is none."""
        return photo_url(self.contact)

    @property
    def before(self):
        """Who was there until lately."""
        return self.contact.follows if self.since_lately else None


def photo_url(contact):
    """Of the small picture of a Contact; "" where there is none."""
    has_photo = contact.card and contact.card.photo_id
    return reverse("home:contact-photo", args=[contact.pk, "thumb"]) if has_photo else ""


def seen_around(home, *, today):
    """The Contacts of one of `homes_of`, as far as the role there goes. One query."""
    return contacts_for(home, today=today, roles=None if home.is_followed else FOR_TENANTS)


def people_around(user, home, *, at):
    """A Person each, in the order of their roles."""
    today = timezone.localdate(at)
    contacts = seen_around(home, today=today)
    coming = _coming(contacts, today=today)
    unread = _unread(user, [*contacts, *coming.values()])
    opened = openings(contacts, at=at)
    return [
        Person(
            contact=contact,
            coming=coming.get(contact.pk),
            is_new=str(contact.pk) in unread or (contact.pk in coming and str(coming[contact.pk].pk) in unread),
            opening=opened[contact.pk],
            since_lately=contact.follows is not None and contact.since > today - REMEMBERED,
        )
        for contact in contacts
    ]


def _coming(contacts, *, today):
    """{id of a contact: the one who takes over}."""
    handed_over = [contact.pk for contact in contacts if contact.until]
    if not handed_over:
        return {}
    rows = Contact.objects.working().filter(follows__in=handed_over, since__gt=today).select_related("user__card")
    return {row.follows_id: row for row in rows}


def _unread(user, contacts):
    """The ids of those of whom something was said that this login has not looked at."""
    if not contacts:
        return set()
    said = Notice.objects.for_user(user).inbox().unread().filter(subject_kind=Contact._meta.label_lower)
    return set(said.filter(subject_id__in=[str(each.pk) for each in contacts]).values_list("subject_id", flat=True))


@private
@require_safe
def people(request, home_id):
    home = own_home(request, home_id)
    around = people_around(request.user, home, at=timezone.now())
    if request.method == "GET":
        said = [each for person in around for each in (person.contact, person.coming) if each]
        if any(person.is_new for person in around):
            mark_read_about(*said, user=request.user, at=timezone.now())
    return render(request, "home/people.html", {"home": home, "people": around})


@private
@require_safe
def contact(request, pk):
    """From a message to the page of the home that it concerns."""
    row = get_object_or_404(Contact.objects.for_user(request.user), pk=pk)
    homes = [home for home in homes_of(request) if home.development_id == row.development_id]
    home = next((home for home in homes if row.home_id in (home.pk, None)), None)
    if home is None:
        raise Http404
    return redirect("home:people", home.pk)


@login_required
@require_safe
def contact_photo(request, pk, variant):
    """Of somebody who looks after one of the person's homes, not of whoever did before."""
    mine = Contact.objects.for_user(request.user).on(timezone.localdate()).select_related("user__card__photo")
    row = get_object_or_404(mine.exclude(user__card__photo=None), pk=pk)
    return deliver(request, row.card.photo, variant=variant)
