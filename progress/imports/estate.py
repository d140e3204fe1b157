"""The sheets of places: developments, their buildings and house types, homes."""

from django.utils.translation import gettext as _

from progress.models import Building, Development, Home, HouseType

from . import people
from .cells import Amount, Text, Zone
from .known import development_names, folded
from .sheets import Column, Sheet, register
from .tables import CHUNK, RowError, Table

DEVELOPMENT = Column("development", "Development", "项目", Text(120), required=True)
BUILDING = Column("building", "Building", "楼栋", Text(80, number=True))
AREA = Column("area", "Area in m²", "面积（平方米）", Amount())


class Developments(Table):
    """Found by either name; a name in the other language is then added or changed."""

    model = Development
    path = "pk"
    fields = ("name_en", "name_zh", "time_zone")

    def exported(self, rows):
        return rows.order_by("name_en", "name_zh", "pk").values_list(*self.fields).iterator(CHUNK)

    def refer(self, row, known):
        names = [row.values[code] for code in ("name_en", "name_zh") if code in row.values]
        if not names:
            raise RowError("name_en", _("Please give a name in at least one language."))
        called = [known.developments.get(folded(name), set()) for name in names]
        found = set.intersection(*called) or set.union(*called)
        if len(found) > 1:
            raise RowError("name_en", _("Several developments have one of these names."))
        known.touched |= found
        return next(iter(found), folded(names[0])), row.values

    def existing(self, keys, known):
        rows = Development.objects.filter(pk__in=[key for key in keys if not isinstance(key, str)])
        return {row["pk"]: (row["pk"], row) for row in rows.values("pk", *self.fields)}

    def added(self, key, pk, known, row):
        known.add_development(pk, [row.values.get("name_en"), row.values.get("name_zh")])

    def changed(self, pk, known, row):
        known.add_development(pk, [row.values.get("name_en"), row.values.get("name_zh")])


class Buildings(Table):
    model = Building
    path = "development"

    def exported(self, rows):
        names = development_names()
        for development, name in rows.order_by("development", "name").values_list("development", "name"):
            yield names[development], name

    def refer(self, row, known):
        return (known.development(row), folded(row.values["name"])), {}

    def existing(self, keys, known):
        return {key: (known.buildings[key], {}) for key in keys if key in known.buildings}

    def added(self, key, pk, known, row):
        known.buildings[key] = pk

    def new_values(self, key, values):
        return {"development_id": key[0], "name": key[1]}


class HouseTypes(Table):
    model = HouseType
    path = "development"
    fields = ("area",)

    def exported(self, rows):
        names = development_names()
        for development, *cells in rows.order_by("development", "name").values_list("development", "name", "area"):
            yield names[development], *cells

    def refer(self, row, known):
        values = {name: row.values[name] for name in self.fields if name in row.values}
        return (known.development(row), folded(row.values["name"])), values

    def existing(self, keys, known):
        rows = HouseType.objects.filter(development__in={development for development, _name in keys})
        rows = rows.values_list("development_id", "name", "pk", "area")
        return {(development, folded(name)): (pk, {"area": area}) for development, name, pk, area in rows}

    def added(self, key, pk, known, row):
        known.house_types[key] = pk

    def new_values(self, key, values):
        return {"development_id": key[0], "name": key[1], **values}


class Homes(Table):
    """A home is told by its development, its building (or none) and its number."""

    model = Home
    path = "development"
    fields = ("house_type_id", "area")
    columns = {"house_type_id": "house_type"}

    def exported(self, rows):
        names = development_names()
        rows = rows.order_by("development", "building__name", "number", "pk")
        rows = rows.values_list("development", "building__name", "number", "house_type__name", "area")
        for development, *cells in rows.iterator(CHUNK):
            yield names[development], *cells

    def refer(self, row, known):
        development = known.development(row)
        values = {"house_type_id": known.house_type(row, development), "area": row.values.get("area")}
        key = (development, known.building(row, development), row.values["number"])
        return key, {name: value for name, value in values.items() if value is not None}

    def existing(self, keys, known):
        found = {}
        for development in {key[0] for key in keys}:
            homes, rows = {}, Home.objects.filter(development=development)
            rows = rows.values_list("building_id", "number", "pk", *self.fields)
            for building, number, pk, house_type, area in rows.iterator():
                homes[building, folded(number)] = pk
                found[development, building, folded(number)] = (pk, {"house_type_id": house_type, "area": area})
            known.learn_homes(development, homes)
        return found

    def added(self, key, pk, known, row):
        known.homes(key[0])[key[1:]] = pk

    def new_values(self, key, values):
        return {"development_id": key[0], "building_id": key[1], "number": key[2], **values}

    def told(self, name, value, known):
        if name == "house_type_id":
            return next((name for (_place, name), pk in known.house_types.items() if pk == value), "")
        return super().told(name, value, known)


register(
    Sheet(
        "developments",
        "Developments",
        "项目",
        10,
        (
            Column("name_en", "Name in English", "名称（英文）", Text(120)),
            Column("name_zh", "Name in Chinese", "名称（中文）", Text(120)),
            Column("time_zone", "Time zone", "时区", Zone()),
        ),
        ("name_en", "name_zh"),
        Developments(),
    )
)
register(
    Sheet(
        "buildings",
        "Buildings",
        "楼栋",
        20,
        (DEVELOPMENT, Column("name", "Name", "名称", Text(80, number=True), required=True)),
        ("development", "name"),
        Buildings(),
    )
)
register(
    Sheet(
        "house_types",
        "House types",
        "户型",
        20,
        (DEVELOPMENT, Column("name", "Name", "名称", Text(80, number=True), required=True), AREA),
        ("development", "name"),
        HouseTypes(),
    )
)
register(
    Sheet(
        "homes",
        "Homes",
        "房屋",
        30,
        (
            DEVELOPMENT,
            BUILDING,
            Column("number", "Number", "房号", Text(40, number=True), required=True),
            Column("house_type", "House type", "户型", Text(80, number=True)),
            AREA,
        ),
        ("development", "building", "number"),
        Homes(),
    )
)
people.register_sheets(DEVELOPMENT, BUILDING)
