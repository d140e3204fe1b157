"""A visitor of the public site, who has no login: each kind of page, on a phone at night and on a desktop by day."""

import pytest

from cms.models import CompanySettings, ContactCard, PriceTable
from tests.browser.conftest import DESKTOP, PHONE
from tests.cms.factories import MAKERS, RISKS, front, house_type, image, picture, place, stream
from tests.cms.test_public_queries import BLOCKS

pytestmark = pytest.mark.django_db(transaction=True)
SHIFT = """new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => sum += each.value))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200);
})"""


@pytest.fixture
def pages(live_server):
    """One page of each kind, full of what it can show."""
    CompanySettings.objects.create(site=front().get_site(), address_en="86 Huanhe East Road", hours_en="9:00 to 17:30")
    estate = place(
        show_in_menus=True,
        cover=image(1600, 1200),
        cover_alt="The gate",
        facts=stream(("fact", {"label": "Homes", "value": "612"})),
        gallery=stream(("picture", picture()), ("picture", picture())),
        risks=stream(("plan", picture(caption="Plan of November")), *RISKS),
        body=stream(*BLOCKS, ("plan", picture() | {"rooms": [{"name": "Kitchen", "area": "8.6"}]})),
    )
    house_type(estate)
    made = [estate, *(make() for kind, make in MAKERS.items() if kind not in {"development", "house type"})]
    by_kind = {type(page).__name__: page for page in made}
    team = ContactCard.objects.create(locale=front().locale, name="Service centre", phone="400 000 0826")
    row = stream(("row", {"what": "Survey", "price": "200", "note": "Outside the ring road"}))
    table = PriceTable.objects.create(locale=front().locale, title="Surveys", rows=row)
    by_kind["ContactPage"].cards = stream(("card", team.pk))
    by_kind["ServicesPage"].prices = stream(("table", table.pk))
    by_kind["ContactPage"].save()
    by_kind["ServicesPage"].save()
    return made


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESKTOP, False)])
def test_every_public_page_is_accessible_and_lies_still(visitor, pages, size, dark):
    person = visitor(size, dark=dark)
    for page in pages:
        person.page.goto(f"{person.base}{page.url}")
        person.settle()
        assert person.page.evaluate(SHIFT) == 0, page.url
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        person.check()
