"""A home that changes hands keeps what is built in, and what is recalled of it; the new household is warned."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .models import Material, RecalledHome


@register
class Materials(Part):
    def passes_on(self, home):
        return [
            Line(_("materials built in"), Material.objects.built_in().filter(home=home).count()),
            Line(_("recalls that are not dealt with"), RecalledHome.objects.standing().filter(home=home).count()),
        ]
