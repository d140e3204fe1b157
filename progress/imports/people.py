"""The sheets of people: owners, told by their customer number, and what ties them to homes."""

from collections import defaultdict
from itertools import groupby

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Address, Channel, Owner
from progress.actions import turn_rights
from progress.models import Home, Ownership, RightState, Role

from .cells import Choice, Day, Email, Phone, Text
from .known import development_names
from .sheets import Column, Sheet, register
from .tables import CHUNK, RowError, Table, batches

CHANNELS = {"email": Channel.EMAIL, "phone": Channel.SMS}
CUSTOMER = Column("customer_no", "Customer number", "客户编号", Text(40, number=True), required=True)


class Owners(Table):
    """Told by customer number, never by name. An address that somebody has proved to be theirs stays as it is."""

    model = Owner
    besides = (Address,)
    path = "ownerships__home__development"
    fields = ("name", "language", "email", "phone")

    def exported(self, rows):
        """Without those whose record is erased; of several addresses the first, a proved one before others."""
        rows = rows.filter(erased_at=None).order_by("customer_no").values_list("pk", "customer_no", "name", "language")
        for some in batches(rows.iterator(CHUNK), CHUNK):
            reached = addresses_of([owner[0] for owner in some])
            for pk, *cells in some:
                theirs = reached.get(pk, {})
                yield *cells, *(theirs.get(name, (None,))[0] for name in CHANNELS)

    def prepare(self, rows, known):
        known.owners_found = known.load_owners({row.values["customer_no"] for row in rows})
        return rows

    def refer(self, row, known):
        values = {name: row.values[name] for name in self.fields if name in row.values}
        return row.values["customer_no"], values

    def existing(self, keys, known):
        found = known.owners_found
        reached = addresses_of([owner[0] for owner in found.values()])
        return {
            number: (pk, {"name": name, "language": language, "erased_at": erased_at, **reached.get(pk, {})})
            for number, (pk, name, language, erased_at) in found.items()
        }

    def check(self, key, row, found, known):
        if found and found[1]["erased_at"]:
            raise RowError("customer_no", _("The record of this customer has been erased."))

    def added(self, key, pk, known, row):
        known.add_owner(key, pk)

    def new_values(self, key, values):
        return {"customer_no": key, **values}

    def differs(self, name, old, new):
        if name in CHANNELS:
            return new not in (old or ()) and new.lower() not in {value.lower() for value in old or ()}
        return super().differs(name, old, new)

    def told(self, name, value, known):
        return ", ".join(value or ()) if name in CHANNELS else super().told(name, value, known)

    def create(self, creates, note_progress):
        for some in batches(creates):
            own = [{name: value for name, value in values.items() if name not in CHANNELS} for _pk, values in some]
            Owner.objects.bulk_create(Owner(pk=pk, **values) for (pk, _), values in zip(some, own, strict=True))
            Address.objects.bulk_create(
                Address(owner_id=pk, channel=channel, value=values[name])
                for pk, values in some
                for name, channel in CHANNELS.items()
                if name in values
            )
            note_progress(len(some))

    def change(self, changes, note_progress):
        own = [(pk, {name: value for name, value in values.items() if name not in CHANNELS}) for pk, values in changes]
        super().change(own, note_progress)
        for name, channel in CHANNELS.items():
            for some in batches((pk, values[name]) for pk, values in changes if name in values):
                readdress(channel, dict(some))


def addresses_of(owners):
    """{owner's pk: {"email": (…), "phone": (…)}}, what they have proved first."""
    reached = {}
    names = {str(channel): name for name, channel in CHANNELS.items()}
    for some in batches(owners, 5000):
        rows = Address.objects.filter(owner__in=some, channel__in=names).order_by(
            F("verified_at").asc(nulls_last=True), "pk"
        )
        for owner, channel, value in rows.values_list("owner_id", "channel", "value"):
            theirs = reached.setdefault(owner, {})
            name = names[channel]
            theirs[name] = (*theirs[name], value) if name in theirs else (value,)
    return reached


def readdress(channel, values):
    """Write {owner's pk: address}: over the only address that nobody has proved, else beside what is there."""
    unproved = defaultdict(list)
    for address in Address.objects.filter(owner__in=values, channel=channel, verified_at=None):
        unproved[address.owner_id].append(address)
    changed, new = [], []
    for owner, value in values.items():
        if len(unproved[owner]) == 1:
            address = unproved[owner][0]
            address.value, address.suppressed_reason = value, ""
            changed.append(address)
        else:
            new.append(Address(owner_id=owner, channel=channel, value=value))
    Address.objects.bulk_update(changed, ["value", "suppressed_reason"], batch_size=500)
    Address.objects.bulk_create(new)


class Ownerships(Table):
    """Told by home, customer and first day. One ends only when its row says until when."""

    model = Ownership
    path = "home__development"
    fields = ("role", "until")

    def exported(self, rows):
        """One a home, customer and first day: of several, the one that isn't ended."""
        names, rows = development_names(), rows.filter(owner__erased_at=None)
        rows = rows.order_by("owner__customer_no", "since", "home_id", "state", "pk")
        place = ("home__development", "home__building__name", "home__number")
        ties = rows.values_list("home_id", "owner__customer_no", *place, "role", "since", "until").iterator(CHUNK)
        for _same, alike in groupby(ties, key=lambda tie: (tie[0], tie[1], tie[6])):
            _home, customer, development, *cells = list(alike)[-1]
            yield customer, names[development], *cells

    def prepare(self, rows, known):
        known.load_owners({row.values["customer_no"] for row in rows})
        return sorted(rows, key=lambda row: (row.values["since"], row.number))

    def refer(self, row, known):
        _development, home = known.home(row)
        values = {name: row.values[name] for name in self.fields if name in row.values}
        if "until" in values and values["until"] < row.values["since"]:
            raise RowError("until", _("This ends before it begins."))
        return (home, known.owner(row), row.values["since"]), values

    def existing(self, keys, known):
        found, homes = {}, Home.objects.filter(development__in=known.touched).order_by()
        rows = known.rows(Ownership.objects.filter(home__in=homes.values("pk")))
        fields = ("pk", "home_id", "owner_id", "since", "role", "until", "state")
        for pk, home, owner, since, role, until, state in rows.values_list(*fields).iterator(CHUNK):
            told = found.get((home, owner, since))
            if told is None or told[1]["state"] == RightState.ENDED:
                found[home, owner, since] = (pk, {"role": role, "until": until, "state": state})
            if state != RightState.ENDED:
                known.open_ties[home, owner] = since
                known.households[home].append(str(owner))
        return found

    def beside(self, key, known):
        """Whose home it is: it may change hands between the preview and the import."""
        return sorted(known.households[key[0]])

    def check(self, key, row, found, known):
        *pair, since = key
        pair, until = tuple(pair), row.values.get("until")
        old = found[1] if found else {}
        if old.get("state") == RightState.ENDED:
            if until and until > known.today:
                reason = _("This ended on %(day)s. Please enter the new time as a row of its own.")
                raise RowError("until", reason % {"day": old["until"]})
            return
        other = known.open_ties.get(pair, since)
        if other != since:
            reason = _("This customer has belonged to the home since %(day)s. Please end that first.")
            raise RowError("since", reason % {"day": other})
        until = until or old.get("until")
        if until and until <= known.today:
            known.open_ties.pop(pair, None)
        else:
            known.open_ties[pair] = since

    def new_values(self, key, values):
        home, owner, since = key
        return {"home_id": home, "owner_id": owner, "since": since, **values}

    def write(self, plan, *, on, note_progress):
        """First what ends, so that the same person may begin anew."""
        self.change(plan.changes, note_progress)
        turn_rights(on=on)
        self.create(plan.creates, note_progress)
        turn_rights(on=on)


def register_sheets(development, building):
    """Those of this module; the columns that name a place come from the sheets of places."""
    languages = Choice(tuple(settings.LANGUAGES), (("zh", "zh-hans"), ("zh-cn", "zh-hans"), ("中文", "zh-hans")))
    register(
        Sheet(
            "owners",
            "Owners",
            "业主",
            40,
            (
                CUSTOMER,
                Column("name", "Name", "姓名", Text(150), required=True),
                Column("language", "Language", "语言", languages),
                Column("email", "E-mail", "电子邮箱", Email()),
                Column("phone", "Telephone", "手机号码", Phone()),
            ),
            ("customer_no",),
            Owners(),
        )
    )
    register(
        Sheet(
            "ownerships",
            "Ownerships",
            "产权关系",
            50,
            (
                CUSTOMER,
                development,
                building,
                Column("home", "Home number", "房号", Text(40, number=True), required=True),
                Column("role", "Role", "角色", Choice(tuple(Role.choices)), required=True),
                Column("since", "From", "起始日期", Day(), required=True),
                Column("until", "Until", "终止日期", Day()),
            ),
            ("customer_no", "development", "building", "home", "since"),
            Ownerships(),
        )
    )
