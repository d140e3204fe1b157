"""Reads that are put together once and asked often: composing a query takes Python longer than the database to answer.

For what everybody asks in the same minute in which an open day opens. Everything else is an ordinary query.
"""

from uuid import uuid4

from django.db import connection, models

KEY = models.UUIDField()


class Statement:
    """`build` gets a key (a UUID) for each of `names` and returns a QuerySet of plain columns, by `values_list`.

    It is asked once a kind of database, with stand-ins; from then on other keys take their places.
    """

    def __init__(self, build, *names):
        self.build, self.names, self.composed = build, names, {}

    def rows(self, **keys):
        """The rows for these keys, as `values_list` has them."""
        if connection.vendor not in self.composed:
            self.composed[connection.vendor] = self._compose()
        sql, params, converters = self.composed[connection.vendor]
        given = {name: KEY.get_db_prep_value(key, connection) for name, key in keys.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[value] if is_name else value for is_name, value in params])
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _compose(self):
        stand_ins = {name: uuid4() for name in self.names}
        compiler = self.build(**stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {KEY.get_db_prep_value(key, connection): name for name, key in stand_ins.items()}
        converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
        return sql, [(value in names, names.get(value, value)) for value in params], converters


def _converted(row, converters):
    values = list(row)
    for place, (converts, expression) in converters.items():
        for convert in converts:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)


class RowStatement(Statement):
    """One row of `model` by its key, with the rows that it refers to along `paths` ("open_day__development")."""

    def __init__(self, model, *paths):
        self.parts = [("", model)]
        for path in paths:
            above, _dot, name = path.rpartition("__")
            self.parts.append((path, dict(self.parts)[above]._meta.get_field(name).related_model))
        columns = [
            f"{path}__{field.attname}".removeprefix("__")
            for path, each in self.parts
            for field in each._meta.concrete_fields
        ]
        super().__init__(lambda pk: model.objects.filter(pk=pk).order_by().values_list(*columns), "pk")

    def get(self, pk):
        """The row, or IndexError."""
        values, found = list(self.rows(pk=pk)[0]), {}
        for path, model in self.parts:
            names = [field.attname for field in model._meta.concrete_fields]
            found[path] = model.from_db(connection.alias, names, values[: len(names)])
            del values[: len(names)]
            above, _dot, name = path.rpartition("__")
            if path:
                setattr(found[above], name, found[path])
        return found[""]
