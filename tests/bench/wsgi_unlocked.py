"""The web processes' entry with every row lock left out: the negative control of a bench."""

from django.db.models import QuerySet

from portal.wsgi import application

QuerySet.select_for_update = lambda rows, *args, **kwargs: rows.all()
__all__ = ["application"]
