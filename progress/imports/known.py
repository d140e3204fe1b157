"""What cells may refer to: the places and people of the database, and those that this workbook adds."""

from collections import Counter, defaultdict
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Owner
from progress.models import Building, Development, Home, HouseType

from .cells import narrow, shown
from .tables import RowError, batches

NO_BUILDING = gettext_lazy("There is no building “%(name)s” in this development.")
NO_HOUSE_TYPE = gettext_lazy("There is no house type “%(name)s” in this development.")


def development_names():
    """{pk: the name that leads to this development alone}, in English if that one does."""
    rows = Development.objects.values_list("pk", "name_en", "name_zh")
    names = {pk: [name for name in names if name] for pk, *names in rows}
    bearers = Counter(name for theirs in names.values() for name in {folded(name) for name in theirs})
    return {
        pk: next((name for name in theirs if bearers[folded(name)] == 1), theirs[0]) for pk, theirs in names.items()
    }


@lru_cache(maxsize=5000)
def folded(name):
    """Names of places are the same whether their digits are full-width or not, and however many spaces part them."""
    return " ".join(narrow(name).split())


class Known:
    """Indexes by what cells say; each is read when it is first needed. `locked`: rows are locked as they are read."""

    def __init__(self, *, today, locked=False):
        self.today, self.locked = today, locked
        self.touched = set()  # developments of the database that the workbook names
        self._developments = self._buildings = self._house_types = None
        self._homes, self._owners = {}, {}
        self.owners_found, self.open_ties = {}, {}
        self.households = defaultdict(list)  # who belongs to a home, for as long as it is not ended

    def rows(self, queryset):
        """`queryset` in the one order in which rows are locked, and locked if this is more than a preview."""
        queryset = queryset.order_by("pk")
        return queryset.select_for_update() if self.locked else queryset

    # --- developments: either name leads to one, unless several have it
    @property
    def developments(self):
        if self._developments is None:
            self._developments = {}
            for pk, *names in Development.objects.values_list("pk", "name_en", "name_zh"):
                self.add_development(pk, names)
        return self._developments

    def add_development(self, pk, names):
        for name in filter(None, names):
            self._developments.setdefault(folded(name), set()).add(pk)

    def development(self, row, code="development"):
        found = self.developments.get(folded(row.values[code]), set())
        if len(found) != 1:
            reason = (
                _("There are several developments “%(name)s”.") if found else _("There is no development “%(name)s”.")
            )
            raise RowError(code, reason % {"name": shown(row.values[code])})
        self.touched |= found
        return next(iter(found))

    # --- what stands in a development, by (development, name)
    @property
    def buildings(self):
        if self._buildings is None:
            self._buildings = self._named(Building)
        return self._buildings

    @property
    def house_types(self):
        if self._house_types is None:
            self._house_types = self._named(HouseType)
        return self._house_types

    def _named(self, model):
        rows = model.objects.values_list("development_id", "name", "pk")
        return {(development, folded(name)): pk for development, name, pk in rows}

    def building(self, row, development):
        """The building's pk; None when the row names none, as a renovation doesn't."""
        return self._place(row, "building", self.buildings, development, NO_BUILDING)

    def house_type(self, row, development):
        return self._place(row, "house_type", self.house_types, development, NO_HOUSE_TYPE)

    def _place(self, row, code, places, development, reason):
        name = row.values.get(code)
        if name is None:
            return None
        if (development, folded(name)) not in places:
            raise RowError(code, reason % {"name": shown(name)})
        return places[development, folded(name)]

    # --- homes, by (development, building or None, number)
    def learn_homes(self, development, homes):
        """What `homes` would read, by somebody who has just read more of it."""
        self._homes[development] = homes

    def homes(self, development):
        if development not in self._homes:
            rows = Home.objects.filter(development=development).values_list("building_id", "number", "pk")
            self._homes[development] = {(building, folded(number)): pk for building, number, pk in rows.iterator()}
        return self._homes[development]

    def home(self, row):
        """(development, pk) of the home that a row names."""
        development = self.development(row)
        building = self.building(row, development)
        pk = self.homes(development).get((building, row.values["home"]))
        if pk is None:
            raise RowError("home", _("There is no home “%(name)s” there.") % {"name": shown(row.values["home"])})
        return development, pk

    # --- owners, by customer number only: names are no way to tell people apart
    def load_owners(self, numbers):
        """{customer number: (pk, name, language, erased_at)} of those there are."""
        found = {}
        for some in batches(number for number in numbers if number not in self._owners):
            rows = self.rows(Owner.objects.filter(customer_no__in=some))
            for pk, number, *values in rows.values_list("pk", "customer_no", "name", "language", "erased_at"):
                found[number] = (pk, *values)
                self._owners[number] = (pk, values[-1])
        return found

    def add_owner(self, number, pk):
        self._owners[number] = (pk, None)

    def owner(self, row):
        number = row.values["customer_no"]
        pk, erased = self._owners.get(number, (None, None))
        if pk is None:
            raise RowError("customer_no", _("There is no customer “%(number)s”.") % {"number": shown(number)})
        if erased:
            raise RowError(
                "customer_no", _("The record of customer “%(number)s” has been erased.") % {"number": number}
            )
        return pk
