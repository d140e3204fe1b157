"""What a worker notes of the messages of one lease: that it begins one, and that one was sent.

The claim is in the row before anything is tried, the result before anything else is begun. So the result of one and the
claim of the next belong to the same moment, and are written in one statement: one commit a message instead of two.
"""

from functools import cache

import structlog
from django.db import connection, connections
from django.db.models import F

from .models import Notice

log = structlog.get_logger(__name__)


class Book:
    def __init__(self, lease):
        self.lease, self.sent = lease, None

    def claim(self, notice):
        """Count an attempt in the row, under the lease, and write what was sent before it.

        Returns False when the lease ran out, and another worker has it. `notice.claims` stays as it was: the
        attempts that were lost before this one.
        """
        if self.sent:
            before, self.sent = self.sent, None
            try:
                written = _write_both(self.lease, *before, notice)
            except Exception:
                _without_result(before[0])  # because of its own text, perhaps: the next one may still be begun
            else:
                _check_written(before[0], written)
                return _key(notice) in written
        return bool(self._row(notice).update(claims=F("claims") + 1, message_id=notice.message_id))

    def note_sent(self, notice, **fields):
        """Keep it until the next one is claimed, or the batch is over."""
        self.sent = notice, {"state": Notice.State.SENT.value, "lease": None, "leased_until": None, **fields}

    def write(self):
        """Write what was sent last, if it isn't yet. Never raises."""
        if not self.sent:
            return
        (notice, fields), self.sent = self.sent, None
        try:
            _check_written(notice, {_key(notice)} if self._row(notice).update(**fields) else ())
        except Exception:
            _without_result(notice)

    def _row(self, notice):
        return Notice.objects.leased(self.lease).filter(pk=notice.pk)


def _without_result(notice):
    """The claim stays, and the lease: that it was sent is not written, and it must not be tried at once."""
    log.exception("notice_without_result", notice=str(notice.pk))


def _check_written(notice, written):
    if _key(notice) not in written:
        # It took longer than its lease, and may have gone out twice.
        log.error("notice_lease_lost", notice=str(notice.pk))


def _key(notice):
    return Notice._meta.pk.get_db_prep_value(notice.pk, connection)


def _write_both(lease, sent, fields, begun):
    """The result of `sent` and the claim of `begun`, both still under the lease. Returns the keys of those that were.

    By hand, since Django's way of writing CASE would take longer than the sending.
    """
    values = {f"new_{name}": _ready(name, value) for name, value in fields.items()}
    values |= {"sent": _key(sent), "begun": _key(begun), "message_id": begun.message_id}
    values |= {"held": _ready("lease", lease), "queued": Notice.State.QUEUED.value}
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.alias, *fields), values)
        return {row[0] for row in cursor.fetchall()}


def _ready(name, value):
    """As the database takes it. Texts it takes as they are."""
    if value is None or type(value) is str:
        return value
    return Notice._meta.get_field(name).get_db_prep_save(value, connection)


@cache
def _statement(alias, *names):
    quote = connections[alias].ops.quote_name
    columns = {field.name: quote(field.column) for field in Notice._meta.concrete_fields}
    key, claims, message_id = columns["id"], columns["claims"], columns["message_id"]
    sets = [f"{claims} = {claims} + CASE {key} WHEN %(begun)s THEN 1 ELSE 0 END"]
    sets.append(f"{message_id} = CASE {key} WHEN %(begun)s THEN %(message_id)s ELSE {message_id} END")
    sets += [
        f"{columns[name]} = CASE {key} WHEN %(sent)s THEN %(new_{name})s ELSE {columns[name]} END" for name in names
    ]
    where = f"{key} IN (%(sent)s, %(begun)s) AND {columns['lease']} = %(held)s AND {columns['state']} = %(queued)s"
    return f"UPDATE {quote(Notice._meta.db_table)} SET {', '.join(sets)} WHERE {where} RETURNING {key}"  # noqa: S608
