"""What the registry says, for those who read: the person it is about, and docs/privacy.md."""

from dataclasses import dataclass

from django.utils.encoding import force_str
from django.utils.text import capfirst

from .archive import label_of
from .registry import Person, declared, erased_first
from .ways import Stays


@dataclass(frozen=True)
class Group:
    """Fields of one model that are treated alike."""

    names: tuple
    labels: list
    treatment: object

    @property
    def stays(self):
        return isinstance(self.treatment.erased, Stays)


@dataclass(frozen=True)
class Section:
    heading: str
    label: str
    groups: list
    count: int = 0


def sections():
    """Every model that holds something about people, the person's own record first."""
    about = list(reversed(erased_first()))
    others = [each for each in declared().values() if each.personal and each not in about]
    return [_section(each) for each in [*about, *sorted(others, key=lambda each: each.label)]]


def _section(declaration, count=0):
    alike = {}
    for name, treatment in declaration.personal.items():
        alike.setdefault(id(treatment), (treatment, []))[1].append(name)
    groups = [
        Group(tuple(names), [label_of(declaration, name) for name in names], treatment)
        for treatment, names in alike.values()
    ]
    return Section(capfirst(force_str(declaration.heading)), declaration.label, groups, count)


def held_on(user):
    """The sections in which there is something about this person, with how much."""
    person = Person.of_user(user)
    counted = [(each, each.rows_of(person).count()) for each in reversed(erased_first()) if each.personal]
    return [_section(declaration, count) for declaration, count in counted if count]


def kept_after_erasure(user):
    """[(heading, what is kept of this person and why, how long)]"""
    return [
        (section.heading, group.treatment.erased.label, group.treatment.kept.label)
        for section in held_on(user)
        for group in section.groups
        if group.stays
    ]
