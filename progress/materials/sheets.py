"""The sheet “Materials” of the workbook: what is built into which home."""

from collections import defaultdict

from django.utils.translation import gettext as _

from progress.components.models import Component
from progress.imports.cells import Day, Text, shown
from progress.imports.estate import BUILDING, DEVELOPMENT
from progress.imports.known import development_names
from progress.imports.sheets import Column, Sheet, register
from progress.imports.tables import CHUNK, RowError, Table
from progress.models import Home

from .models import Material, keys_of
from .wording import key_of

PARTING = str.maketrans("", "", "·/・>›-")


class Components:
    """Rooms and components by what people call them: the code, the name in either language, or “kitchen · tap”."""

    def __init__(self):
        self.known = defaultdict(set)
        names = {}
        rows = Component.objects.order_by("parent").values_list("pk", "parent", "code", "name_en", "name_zh")
        for pk, parent, code, *called in rows:
            names[pk] = (parent, [code, *filter(None, called)])
        for pk, (parent, called) in names.items():
            rooms = names[parent][1] if parent else []
            for name in [*called, *(f"{room} {name}" for room in rooms for name in called)]:
                self.known[_plain(name)].add(pk)
            self.known[key_of(called[0])] = {pk}  # a code is never mistaken

    def find(self, text):
        """The component's key. Raises RowError when there is none of this name, or several."""
        found = self.known.get(key_of(text)) or self.known.get(_plain(text), set())
        if len(found) == 1:
            return next(iter(found))
        several = _("There are several “%(name)s”. Please name the room, too: “kitchen · tap”.")
        none = _("There is no room or component “%(name)s”.")
        raise RowError("component", (several if found else none) % {"name": shown(text)})


def _plain(name):
    return key_of(name).translate(PARTING)


class Materials(Table):
    """A material is told by its home, its place there, and maker, product and batch, whatever their case and spaces.

    What was taken out stays out: the same row makes it anew.
    """

    model = Material
    path = "home__development"
    fields = ("telephone", "contact", "note", "installed_on")

    def __init__(self):
        self.components, self.spelt = None, {}

    def exported(self, rows):
        names = development_names()
        rows = rows.built_in().order_by("home__development", "home__building__name", "home__number", "product", "pk")
        place = ("home__development", "home__building__name", "home__number", "component__code")
        for development, *cells in rows.values_list(*place, "maker", "product", "batch", *self.fields).iterator(CHUNK):
            yield names[development], *cells

    def prepare(self, rows, known):
        self.components, self.spelt = Components(), {}
        return rows

    def refer(self, row, known):
        _development, home = known.home(row)
        component = self.components.find(row.values["component"]) if "component" in row.values else None
        key = (home, component, *keys_of(row.values).values())
        return key, {name: row.values[name] for name in self.fields if name in row.values}

    def existing(self, keys, known):
        homes = Home.objects.filter(development__in=known.touched).order_by()
        rows = known.rows(Material.objects.built_in().filter(home__in=homes.values("pk")))
        wanted, found = set(keys), {}
        told = ("home_id", "component_id", "maker_key", "product_key", "batch_key", "pk")
        for *key, pk, telephone, contact, note, day in rows.values_list(*told, *self.fields).iterator(CHUNK):
            if tuple(key) in wanted:
                values = (telephone, contact, note, day)
                found[tuple(key)] = (pk, dict(zip(self.fields, values, strict=True)))
        return found

    def added(self, key, pk, known, row):
        self.spelt[key] = {name: row.values.get(name, "") for name in ("maker", "product", "batch")}

    def new_values(self, key, values):
        home, component, maker, product, batch = key
        spelt = self.spelt.pop(key)
        keys = {"maker_key": maker, "product_key": product, "batch_key": batch}
        return {"home_id": home, "component_id": component, **spelt, **keys, **values}


register(
    Sheet(
        "materials",
        "Materials",
        "材料",
        60,
        (
            DEVELOPMENT,
            BUILDING,
            Column("home", "Home number", "房号", Text(40, number=True), required=True),
            Column("component", "Room or component", "房间或部位", Text(80)),
            Column("maker", "Maker", "厂家", Text(80), required=True),
            Column("product", "Product", "产品", Text(120), required=True),
            Column("batch", "Batch", "批次", Text(60)),
            Column("telephone", "Telephone of the maker", "厂家电话", Text(40, number=True)),
            Column("contact", "Contact", "联系人", Text(120)),
            Column("note", "Note", "备注", Text(300)),
            Column("installed_on", "Built in on", "安装日期", Day()),
        ),
        ("development", "building", "home", "component", "maker", "product", "batch"),
        Materials(),
    )
)
