"""What we hold about people: for each field, whether they get a copy, what erasure does to it, and how long it stays.

Each app declares its own models in a module `privacy`, imported in `AppConfig.ready`:

    declare(
        Address,
        of="owner user",
        personal={"channel value": Personal(_("to reach you"), DELETED)},
        plain="id",
    )

A model or a field that nobody declared fails the tests, so that nothing is kept that nobody thought about.
"""

from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from accounts.models import Owner, User

from .ways import REPLACED, WHILE_CUSTOMER, Stays, Way

_declared = {}


@dataclass(frozen=True)
class Person:
    """Whom a row is about: a login, a customer record, or both of one person."""

    user: User | None = None
    owner: Owner | None = None

    @classmethod
    def of_user(cls, user):
        return cls(user=user, owner=Owner.objects.filter(user=user).first())

    @classmethod
    def of_owner(cls, owner):
        return cls(user=owner.user, owner=owner)

    def row(self, model):
        return self.owner if model is Owner else self.user


@dataclass(frozen=True)
class Personal:
    """How fields that hold personal data are treated. `why`: what we need them for, to be read by the person.

    `withheld`: why they are not in the download; empty: they are.
    """

    why: str
    erased: Way | Stays
    kept: object = WHILE_CUSTOMER
    withheld: str = ""


@dataclass(frozen=True)
class Declaration:
    model: type
    of: tuple  # paths from a row to the Owner or User it is about; "self": it is one itself
    by: frozenset  # fields that name who did something; they stay, since the row that they name is made nobody's
    personal: dict  # field: Personal
    plain: frozenset | None  # None: all the rest, of a package's model
    heading: str
    rows: object = None  # person → queryset, where paths can't say it
    files: str = ""  # the field with a PrivateFile that goes into the download
    also: dict = field(default_factory=dict)  # {name: (label, function(row, person))}, besides the fields
    erase: object = None  # (person, by, at), instead of what follows from the fields
    ties: frozenset = field(default_factory=frozenset)

    @property
    def label(self):
        return self.model._meta.label_lower

    def rows_of(self, person):
        """The rows about this person."""
        if self.rows:
            return self.rows(person)
        found = Q(pk__in=[])
        for path in self.of:
            row = person.row(self._target(path))
            if row is not None:
                found |= Q(**{"pk" if path == "self" else path: row.pk})
        return self.model._base_manager.filter(found).distinct()

    def _target(self, path):
        if path == "self":
            return self.model
        model = self.model
        for name in path.split("__"):
            model = model._meta.get_field(name).related_model
        return model

    @cached_property
    def exported(self):
        """The names of the fields that the person gets a copy of."""
        return [name for name, treatment in self.personal.items() if not treatment.withheld]

    def terms(self):
        """{term: fields} of what is kept for a time and then goes by itself."""
        found = {}
        for name, treatment in self.personal.items():
            if hasattr(treatment.kept, "over"):
                found.setdefault(treatment.kept, []).append(name)
        return found


def declare(model, *, of="", by="", personal=None, plain="", heading=None, rows=None, files="", also=None, erase=None):
    """Say what `model` (a class, or "app.model" of a package) holds. Names of fields stand in one string.

    `of`: the paths from a row to its Owner or User; `by`: foreign keys to whoever did something; `personal`:
    {"names of fields": Personal(…)}; `plain`: fields that say nothing about anybody, "*" all the rest (packages only).
    """
    model = apps.get_model(model) if isinstance(model, str) else model
    treatments = {name: treatment for names, treatment in (personal or {}).items() for name in names.split()}
    _declared[model._meta.label_lower] = Declaration(
        model=model,
        of=tuple(of.split()),
        by=frozenset(by.split()),
        personal=treatments,
        plain=None if plain == "*" else frozenset(plain.split()),
        heading=model._meta.verbose_name_plural if heading is None else heading,
        rows=rows,
        files=files,
        also=also or {},
        erase=erase,
        ties=frozenset(path.split("__")[0] for path in of.split()),
    )


def declare_plain(*labels):
    """Models of packages that hold nothing about anybody. A package that isn't installed is passed over."""
    for label in labels:
        try:
            declare(label, plain="*")
        except LookupError:
            continue


def declared():
    """{"app.model": Declaration}, in the order of declaration."""
    return dict(_declared)


def erased_first():
    """Declarations of what is about people, so that each comes before those that its rows refer to."""
    about = {each.model: each for each in _declared.values() if each.of or each.rows}
    order = TopologicalSorter(dict.fromkeys(about, ()))
    for model in about:
        for each in model._meta.local_fields:
            if isinstance(each, models.ForeignKey) and each.related_model in about and each.related_model != model:
                order.add(each.related_model, model)
    return [about[model] for model in order.static_order()]


def problems():
    """What is undeclared or declared wrongly, one sentence each; nothing when all is well."""
    found = []
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        declaration = _declared.get(model._meta.label_lower)
        if declaration is None:
            found.append(f"{model._meta.label_lower}: not declared in any privacy.py")
        else:
            found += [f"{model._meta.label_lower}{said}" for said in _problems_of(declaration)]
    return found


def _problems_of(declaration):
    fields = {each.name: each for each in declaration.model._meta.local_fields}
    fields |= {each.name: each for each in declaration.model._meta.local_many_to_many}
    known = declaration.ties - {"self"} | declaration.by | set(declaration.personal) | (declaration.plain or set())
    for name in known - set(fields):
        yield f".{name}: declared, but there is no such field"
    for name in declaration.by & set(declaration.personal):
        yield f".{name}: both by and personal"
    undeclared = set(fields) - known
    if declaration.plain is None:
        undeclared = {name for name in undeclared if _names_a_person(fields[name])}
        if _is_ours(declaration.model):
            yield ': "*" is for models of packages; name the plain fields'
    for name in sorted(undeclared):
        yield f".{name}: neither personal nor plain"
    for name in sorted(declaration.plain or ()):
        if name in fields and _names_a_person(fields[name]):
            yield f".{name}: names a person, so it is not plain"
    yield from _problems_of_treatment(declaration)


def _problems_of_treatment(declaration):
    reachable = declaration.of or declaration.rows
    for name, treatment in declaration.personal.items():
        if not reachable and not treatment.withheld:
            yield f".{name}: whose is it? Without `of` or `rows` it can't be exported, so say why it is withheld"
        if not reachable and not isinstance(treatment.erased, Stays) and not hasattr(treatment.kept, "over"):
            yield f".{name}: without `of` or `rows` it can't be erased, so it needs an end"
        if treatment.erased is REPLACED and not declaration.erase:
            yield f".{name}: replaced by what? It needs `erase`"
    for path in declaration.of:
        try:
            target = declaration._target(path)
        except (FieldDoesNotExist, AttributeError):
            target = None
        if target not in (Owner, User):
            yield f": `of` has {path!r}, which leads to no Owner or User"


def _names_a_person(each):
    return isinstance(each, models.ForeignKey | models.ManyToManyField) and each.related_model in (Owner, User)


def _is_ours(model):
    return apps.get_app_config(model._meta.app_label).name.split(".")[0] in {"accounts", "progress", "cms", "portal"}
