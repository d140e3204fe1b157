"""What messages are about, as their readers see it: a dozen topics for what may be a hundred kinds.

A reader chooses for each topic and channel how messages come. A kind marked `mandatory` comes at once whatever was
chosen, and the page says why: `because` of its topic.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day, in one message")
    WEEKLY = "weekly", _("Once a week, in one message")
    OFF = "off", _("Not at all")


@dataclass(frozen=True, eq=False)
class Topic:
    code: str
    label: str
    about: str  # one sentence: what comes under it
    because: str = ""  # why its mandatory kinds can't be switched off
    modes: tuple = (Mode.NOW, Mode.DAILY, Mode.WEEKLY, Mode.OFF)


NEWS = Topic("news", _("News from the site"), _("Progress with photos, leaflets, and corrections of what we wrote."))
DATES = Topic("dates", _("Dates of your home"), _("Steps reached, and dates that have moved."))
DESIGN = Topic(
    "design",
    _("Design changes"),
    _("Changes to your home that we ask you about, and reminders to answer."),
    _("We need your answer, and silence is never taken for a yes."),
)
PROMISES = Topic(
    "promises",
    _("Promises to you"),
    _("What we promised you, and what has become of it."),
    _("If we don't keep our word, you should hear it from us."),
)
APPOINTMENTS = Topic(
    "appointments",
    _("Appointments"),
    _("Visits, open days and handovers: agreed, moved or cancelled, and reminders of them."),
    _("You would stand before a closed door."),
)
ANNOUNCEMENTS = Topic(
    "announcements",
    _("Announcements"),
    _("Water switched off, a lift being repaired, the gate closed: what concerns everybody who lives there."),
    _("What is urgent may concern your safety."),
)
PEOPLE = Topic(
    "people",
    _("The people who look after your home"),
    _("Who they are, and when somebody takes over from somebody else."),
    _("You should always know whom to turn to."),
)
DOCUMENTS = Topic(
    "documents",
    _("Documents of your home"),
    _("Contracts, invoices, plans and certificates that we put into the portal."),
    _("They may be contracts or invoices, with dates to keep."),
)
GUIDES = Topic(
    "guides",
    _("Guides and checklists"),
    _("New guides for your home, what has changed in those you know, and what is due on their checklists."),
)
TICKETS = Topic(
    "tickets",
    _("Complaints and requests"),
    _("What we answer, who comes when, and what we ask you about a ticket of yours."),
    _("It is your own case, and some of it waits for you."),
)
CARE = Topic(
    "care",
    _("Care after the keys"),
    _("Checks of your home, warranties that end, and what to look at yourself."),
    _("You could miss a check that is yours, or the end of a warranty."),
)
QUESTIONS = Topic("questions", _("Your questions"), _("Our answers to what you asked us."))
ACCOUNT = Topic(
    "account",
    _("Your account and household"),
    _("Who may see your home, your data, and the safety of your login."),
    _("They protect your home and your data."),
)
DUTIES = Topic(
    "duties",
    _("Promises that you answer for"),
    _("A warning before they fall due, and the news that they were missed."),
    _("You answer for it, so you should hear of it."),
    modes=(Mode.NOW, Mode.DAILY),
)
DESK = Topic(
    "desk",
    _("The work of your desk"),
    _("Questions that wait, and reports that came back."),
    _("Somebody waits for your answer."),
)

OF_OWNERS = (
    NEWS,
    DATES,
    DESIGN,
    PROMISES,
    APPOINTMENTS,
    ANNOUNCEMENTS,
    PEOPLE,
    DOCUMENTS,
    GUIDES,
    TICKETS,
    CARE,
    QUESTIONS,
    ACCOUNT,
)
OF_STAFF = (DUTIES, DESK)
ALL = OF_OWNERS + OF_STAFF
