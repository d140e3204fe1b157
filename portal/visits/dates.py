"""Visits in the owners' calendars: those with a time, as long as they are not called off."""

from progress.feeds.sources import HISTORY, FeedDate, source

from .models import Visit


@source("visit")
def visits(reader, *, at):
    homes = {home.pk: home for home in reader.homes}
    rows = Visit.objects.of_household().filter(home__in=homes, starts__gt=at - HISTORY)
    for visit in rows.exclude(state=Visit.State.CANCELLED).order_by("starts", "pk"):
        home = homes[visit.home_id]
        yield FeedDate(
            key=str(visit.pk),
            title=reader.named(home, visit.get_kind_display()),
            start=visit.starts,
            end=visit.ends,
            zone=home.development.time_zone,
            place=str(home.development),
        )
