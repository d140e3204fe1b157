"""What a resale means for promises: the home's pass on, those to a person of the household no longer apply."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .actions import void_promise
from .models import Promise


@register
class Promises(Part):
    is_last = True

    def passes_on(self, home):
        return [Line(_("promises about the home"), Promise.objects.open().filter(home=home, owner=None).count())]

    def cancels(self, home):
        return [
            Line(_("promises to the household"), Promise.objects.open().filter(home=home).exclude(owner=None).count())
        ]

    def carry_out(self, transfer, *, former, by, at):
        for promise in Promise.objects.open().filter(home=transfer.home, owner__in=former).order_by("pk"):
            void_promise(promise, by=by, at=at)
