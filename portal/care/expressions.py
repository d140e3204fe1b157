"""What the sweep has the database reckon, the same on each kind of database."""

from django.db.models import CharField, Func, Value
from django.db.models.functions import Cast, Concat, Replace, Substr

TEXT = CharField()


class RandomUUID(Func):
    """A new random key, as the database's own generator gives it."""

    arity = 0

    def as_sqlite(self, compiler, connection, **context):
        return "lower(hex(randomblob(16)))", []

    def as_postgresql(self, compiler, connection, **context):
        return "gen_random_uuid()", []


def in_hex(path):
    """A UUID as 32 digits."""
    return Replace(Cast(path, TEXT), Value("-"), Value(""))


def as_text(path):
    """A UUID as Python writes it, with hyphens."""
    digits = in_hex(path)
    parts = [Substr(digits, start, length) for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]
    spaced = [piece for part in parts for piece in (Value("-"), part)][1:]
    return Concat(*spaced, output_field=TEXT)
