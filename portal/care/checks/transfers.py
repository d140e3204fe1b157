"""What becomes of checks when a home changes hands: they go along, but for those that the household made itself."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .models import Check


@register
class Checks(Part):
    def passes_on(self, home):
        return [
            Line(_("checks to come"), home.checks.open().filter(self_check=False).count()),
            Line(_("checks done"), home.checks.filter(stage=Check.Stage.SIGNED, self_check=False).count()),
        ]

    def ends(self, home):
        return [Line(_("checks that the household made itself"), _own(home).count())]

    def carry_out(self, transfer, *, former, by, at):
        _own(transfer.home).update(of_former_household=True)


def _own(home):
    return home.checks.filter(self_check=True, of_former_household=False)
