"""What becomes of questions when a home changes hands, for the preview. Nothing is moved: the scope decides."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .models import Question


@register
class Questions(Part):
    """They stay with whoever asked, to be read for 180 days; the new owner never sees them."""

    def ends(self, home):
        current = Question.objects.not_closed().filter(home=home, owner__ownerships__in=home.ownerships.live())
        return [Line(_("questions, which only those who asked can still read"), current.count())]
