"""What refers to a customer record, and how it moves to another one.

Every foreign key to Owner moves by itself, also one that an app adds tomorrow: rows change hands, and those that
the other record has already (the same address, the receipt of the same update) stay where they are. An app whose
rows need more thought registers a mover of its own in `AppConfig.ready`: @register(Ownership, "owner").
"""

from django.db import IntegrityError, transaction

from accounts.models import Owner

_special = {}


class Mover:
    """The rows of `model` whose `field` names the record. What `move` returns is kept as JSON, for `move_back`."""

    def __init__(self, model, field):
        self.model, self.field = model, field

    @property
    def label(self):
        return self.model._meta.verbose_name_plural

    def rows(self, owner):
        return self.model._base_manager.filter(**{self.field: owner})

    def count(self, owner):
        return self.rows(owner).count()

    def move(self, *, kept, gone, by, at):
        pks = list(self.rows(gone).values_list("pk", flat=True))
        return [str(pk) for pk in self._hand_over(self.rows(gone), pks, kept)]

    def move_back(self, moved, *, kept, gone, by, at):
        self._hand_over(self.rows(kept), moved, gone)

    def _hand_over(self, rows, pks, owner):
        """Give the rows to `owner`; those that they have already stay. Returns the ids that went over."""
        try:
            with transaction.atomic():
                rows.filter(pk__in=pks).update(**{self.field: owner})
        except IntegrityError:
            if len(pks) == 1:
                return []
            return [pk for each in pks for pk in self._hand_over(rows, [each], owner)]
        return pks


def register(model, field):
    """Class decorator: this Mover, instead of the usual one, for `model.field`."""

    def decorate(mover):
        _special[model._meta.label_lower, field] = mover
        return mover

    return decorate


def all_movers():
    """{"app.model.field": Mover} for every foreign key to Owner, but those of the merges themselves."""
    found = {}
    for relation in Owner._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and relation.related_model._meta.app_label != "merges":
            model, field = relation.related_model, relation.field.name
            mover = _special.get((model._meta.label_lower, field), Mover)
            found[f"{model._meta.label_lower}.{field}"] = mover(model, field)
    return found
