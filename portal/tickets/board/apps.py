from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsBoardConfig(AppConfig):
    name = "portal.tickets.board"
    label = "complaints_board"
    verbose_name = _("Complaints board")

    def ready(self):
        from . import erasing, notices, privacy, public  # noqa: F401  they register themselves
