"""What owners are told about the dossier of their home; registered in `DossiersConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from progress.leaflets.diaries import is_host

from .models import Dossier


class OfDossier(Kind):
    model = Dossier
    topic = topics.DOCUMENTS
    mandatory = True  # an answer to what they asked for, or what comes with the home
    why = gettext_lazy("You receive this message because the dossier of your home was made for you.")
    action = gettext_lazy("Open the page")

    def subjects(self):
        return Dossier.objects.select_related("home__development", "home__building")

    def still_concerns(self, dossier, person):
        return is_host(person, dossier.home)

    def zone(self, dossier):
        return dossier.home.development.time_zone

    def url(self, dossier):
        return reverse("home:dossier", args=[dossier.home_id])


@register("dossier-ready")
class DossierReady(OfDossier):
    label = gettext_lazy("The dossier of your home is ready")

    def still_true(self, dossier):
        return dossier.is_ready

    def paragraphs(self, dossier):
        words = {"day": date_format(dossier.kept_until, "DATE_FORMAT"), "home": dossier.home}
        fetch = _("You can fetch it until %(day)s: %(home)s.") % words
        if not dossier.handed_over:
            return [fetch]
        return [
            _("The home is yours now. We have put together what is known of it, from the first day of the works on."),
            fetch,
        ]


@register("dossier-failed")
class DossierFailed(OfDossier):
    label = gettext_lazy("The dossier of your home could not be made")

    def still_true(self, dossier):
        return dossier.is_failed

    def paragraphs(self, dossier):
        return [_("We are sorry. Please ask for it again; if it fails once more, please ring us.")]
