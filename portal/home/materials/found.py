"""What the search finds among the materials of one's homes, and the recalls that wait to be read."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.search.sources import Hit, source, titles_first
from cms.search.words import words_of
from portal.home import needs
from progress.materials.models import Material, RecalledHome


@source("materials", label=gettext_lazy("Materials"), icon="wrench")
def materials(question, *, reader, limit):
    """Of the homes that the reader follows, by maker, product, batch, room and note."""
    homes = [home for home in reader.homes if home.is_followed]
    rows = Material.objects.filter(home__in=homes).search(" ".join(words_of(question)))
    rows = rows.select_related("component__parent", "home__development").order_by("removed_on", "product", "pk")
    return titles_first([_hit(row) for row in rows[:limit]], question)


def _hit(row):
    parts = [str(row.component.path) if row.component else "", row.batch, row.note]
    url = f"{reverse('home:materials', args=[row.home_id])}#material-{row.pk}"
    return Hit(str(row), url, " · ".join(filter(None, parts)), day=row.installed_on, place=str(row.home))


@needs.source
def recalls_to_read(user, home):
    """A recall stays on the first page until this person has opened it."""
    found = RecalledHome.objects.standing().unread_by(user.owner).filter(home=home).select_related("recall")
    return [
        needs.Need(
            title=str(row.recall),
            text=_("Something that is built into your home is recalled. Please read what to do."),
            url=reverse("home:recall", args=[row.pk]),
            action=_("See what to do"),
            icon="warning",
        )
        for row in found[:5]
    ]
