"""That this database came out of a backup, and whether all that follows has been done."""

from django.db import models


class RestoreQuerySet(models.QuerySet):
    def unfinished(self):
        """The data are there; the schema may be an old one, and messages may wait that were sent before."""
        return self.filter(finished_at=None)


class Restore(models.Model):
    """Written in the same step as the restored data. Holds no personal data."""

    backup = models.CharField(max_length=40)  # its name: when it was made
    made_at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = RestoreQuerySet.as_manager()

    def __str__(self):
        return self.backup
