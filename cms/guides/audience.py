"""Whom a guide is for: what is known of a home, and which homes an audience reaches."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Case, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext as _

from progress.journeys.models import Journey, Kind, Milestone, StageTemplate
from progress.models import Building, Development, Home, HouseType, Ownership, Role

from .models import AudienceEntry, Sort

PLACES = {Sort.DEVELOPMENT: Development, Sort.BUILDING: Building, Sort.HOUSE_TYPE: HouseType}
ALWAYS = "always"  # the standing stage that counts from the first day; the others once all ordered stages are done


def journeys_now():
    """The journeys by which homes are judged: those still open, else the newest. `stage_code`: where they stand."""
    others = Journey.objects.filter(home=OuterRef("home")).exclude(pk=OuterRef("pk"))
    later = Q(ended=None) | Q(ended__gt=OuterRef("ended"))
    later |= Q(ended=OuterRef("ended"), started__gt=OuterRef("started"))
    steps = Milestone.objects.exclude(state=Milestone.State.REACHED)
    steps = steps.filter(journey=OuterRef("pk"), template__stage__order__isnull=False).order_by(
        "template__stage__order"
    )
    stage = Subquery(steps.values("template__stage__code")[:1])
    return Journey.objects.filter(Q(ended=None) | ~Exists(others.filter(later))).annotate(stage_code=stage)


@dataclass
class Facts:
    """What decides which guides fit: pairs of a sort and a value. Kind and stage belong to one journey each."""

    places: set
    roles: set | None = None  # None: whatever the role
    journeys: list[set] = field(default_factory=list)
    stages: set = field(default_factory=set)  # codes of those in which it is now

    def matching(self):
        """A condition on editions. One subquery a journey: the editions that name a sort, but nobody of these."""
        fits = Q(pk__in=[])
        for journey in self.journeys or [set()]:
            fits |= ~Q(pk__in=self._missed(self.places | (self.roles or set()) | journey))
        return fits

    def _missed(self, pairs):
        values = defaultdict(list)
        for sort, value in pairs:
            values[sort].append(value)
        hit = Q(pk__in=[])
        for sort, its in sorted(values.items()):
            hit |= Q(sort=sort, value__in=sorted(its))
        entries = AudienceEntry.objects.order_by()
        if self.roles is None:
            entries = entries.exclude(sort=Sort.ROLE)
        found = Max(Case(When(hit, then=Value(1)), default=Value(0), output_field=IntegerField()))
        return entries.values("edition", "sort").annotate(found=found).filter(found=0).values("edition")


def facts_of(home, *, roles):
    """What is known of `home` today, for somebody in any of `roles`; None: whatever they are there. Two queries."""
    named = {
        Sort.DEVELOPMENT: home.development_id,
        Sort.BUILDING: home.building_id,
        Sort.HOUSE_TYPE: home.house_type_id,
    }
    journeys = list(journeys_now().filter(home=home).select_related("template"))
    standing = defaultdict(set)
    stages = StageTemplate.objects.filter(template__in={journey.template_id for journey in journeys}, order=None)
    for template, code in stages.order_by().values_list("template", "code"):
        standing[template].add(code)
    return Facts(
        places={(sort, str(pk)) for sort, pk in named.items() if pk},
        roles=None if roles is None else {(Sort.ROLE, str(role)) for role in roles},
        journeys=[_pairs(journey, standing[journey.template_id]) for journey in journeys],
        stages={journey.stage_code for journey in journeys if journey.stage_code},
    )


def _pairs(journey, standing):
    codes = standing & {ALWAYS} if journey.stage_code else standing
    codes = codes | ({journey.stage_code} if journey.stage_code else set())
    return {(Sort.KIND, journey.template.kind), *((Sort.STAGE, code) for code in codes)}


def named_of(edition):
    """{sort: values} of those whom an edition is for."""
    named = defaultdict(list)
    for entry in edition.audience.all():
        named[entry.sort].append(entry.value)
    return dict(named)


def whom_in_words(named, *, but=()):
    """Those whom an audience names, a list of names for each sort; empty: everybody. A query a sort of places."""
    names = {
        Sort.KIND: dict(Kind.choices),
        Sort.STAGE: _stage_names(named.get(Sort.STAGE)),
        Sort.ROLE: dict(Role.choices),
        **{sort: _place_names(model, named.get(sort)) for sort, model in PLACES.items()},
    }
    return [_in_words(names[sort], named[sort]) for sort in Sort if named.get(sort) and sort not in but]


def _in_words(names, values):
    """In the order of `names`, then what they lack."""
    known = [str(name) for value, name in names.items() if value in values]
    return known + [_("no longer there")] * (len(values) - len(known))


def _place_names(model, pks):
    places = model.objects.filter(pk__in=pks) if pks else []
    return {str(place.pk): getattr(place, "title", place.name) for place in places}


def _stage_names(codes):
    stages = StageTemplate.objects.filter(code__in=codes) if codes else StageTemplate.objects.none()
    in_order = stages.order_by("template__version", F("order").asc(nulls_last=True))  # standing ones come last
    return {stage.code: str(stage.name) for stage in in_order}


def homes_of(edition):
    """The homes that an edition reaches now, whatever the role of those who live there."""
    return homes_for({sort: values for sort, values in named_of(edition).items() if sort != Sort.ROLE})


def homes_for(named, *, today=True):
    """The homes that an audience ({sort: values}) reaches now; with `today` off, those it will reach at some stage."""
    homes = Home.objects.all()
    for sort in PLACES:
        if named.get(sort):
            homes = homes.filter(**{f"{sort}__in": named[sort]})
    if named.get(Sort.KIND) or named.get(Sort.STAGE):
        journeys = _journeys_for(named.get(Sort.KIND), named.get(Sort.STAGE), today=today)
        homes = homes.filter(Exists(journeys.filter(home=OuterRef("pk"))))
    if named.get(Sort.ROLE) and today:
        ties = Ownership.objects.live().filter(role__in=named[Sort.ROLE])
        homes = homes.filter(Exists(ties.filter(home=OuterRef("pk"))))
    return homes


def _journeys_for(kinds, codes, *, today):
    journeys = journeys_now()
    if kinds:
        journeys = journeys.filter(template__kind__in=kinds)
    if not codes:
        return journeys
    stages = StageTemplate.objects.filter(template=OuterRef("template"), code__in=codes)
    if not today:
        return journeys.filter(Exists(stages))
    always = Exists(stages.filter(order=None, code=ALWAYS))
    settled = Q(stage_code=None) & Exists(stages.filter(order=None))
    return journeys.filter(Q(stage_code__in=codes) | always | settled)


def ties_for(named):
    """The live ownerships of those whom an audience reaches now: at its homes, in its roles."""
    ties = Ownership.objects.live().filter(home__in=homes_for(named).values("pk"))
    return ties.filter(role__in=named[Sort.ROLE]) if named.get(Sort.ROLE) else ties
