"""No public page asks the database more often because it shows more."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.models import (
    ContactCard,
    ContactPage,
    DesignersPage,
    DevelopmentIndexPage,
    NewsIndexPage,
    PriceTable,
    QuestionsPage,
    ServicesPage,
)

from .factories import RISKS, add, article, designer, front, house_type, image, picture, place, stream

pytestmark = pytest.mark.django_db
names = count(1)
ENTRY = {"question": "Is it quiet?", "answer": "<p>Mostly.</p>"}
BLOCKS = [
    ("text", "<h2>Living here</h2><p>Words.</p>"),
    ("facts", {"heading": "", "facts": [{"label": "Height", "value": "54 m"}]}),
    ("steps", {"heading": "", "steps": [{"title": "Ring", "text": "<p>Any time.</p>"}]}),
    ("accordion", {"heading": "", "entries": [ENTRY]}),
    ("quote", {"text": "We see the river.", "who": "Ms Chen"}),
]


def body(number):
    with_pictures = [("picture", picture()), ("gallery", {"pictures": [picture()] * 2})]
    return stream(*(BLOCKS + with_pictures) * number)


def home(number):
    page = front()
    page.body = body(number)
    page.save()
    parent = add(front(), DevelopmentIndexPage)
    for _each in range(number):
        place(parent, cover=image(), cover_alt="The gate")
        article()
    return page


def developments(number):
    page = add(front(), DevelopmentIndexPage)
    for _each in range(number):
        place(page, cover=image(), cover_alt="The gate")
    return page


def development(number):
    pictures = stream(*[("picture", picture())] * number)
    page = place(risks=stream(("plan", picture()), *RISKS * number), gallery=pictures, body=body(number))
    for _each in range(number):
        house_type(page)
    return page


def kind_of_home(number):
    plan = picture() | {"rooms": [{"name": "Kitchen", "area": "8.6"}] * number}
    return house_type(plan=stream(*[("plan", plan)] * number), body=body(number))


def news(number):
    page = add(front(), NewsIndexPage)
    for _each in range(number):
        article(page, body=body(1))
    return page


def one_article(number):
    page = article(body=body(number))
    for _each in range(number):
        article()
    return page


def contact(number):
    cards = [ContactCard.objects.create(locale=front().locale, name=f"Team {next(names)}") for _each in range(number)]
    return add(front(), ContactPage, cards=stream(*[("card", card.pk) for card in cards]))


def designers(number):
    page = add(front(), DesignersPage)
    for _each in range(number):
        designer(page, cover=image(), cover_alt="Lin Yue")
    return page


def one_designer(number):
    return designer(works=stream(*[("picture", picture())] * number))


def services(number):
    row = stream(("row", {"what": "Survey", "price": "200", "note": ""}))
    tables = [PriceTable.objects.create(locale=front().locale, title="Fees", rows=row) for _each in range(number)]
    service = ("service", {"title": "Repairs", "text": "<p>We mend.</p>", "price": ""})
    prices = stream(*[("table", table.pk) for table in tables])
    return add(front(), ServicesPage, services=stream(*[service] * number), prices=prices)


def questions(number):
    return add(front(), QuestionsPage, questions=stream(*[("group", {"heading": "", "entries": [ENTRY]})] * number))


MAKERS = [
    home,
    developments,
    development,
    kind_of_home,
    news,
    one_article,
    contact,
    designers,
    one_designer,
    services,
    questions,
]


@pytest.mark.parametrize("make", MAKERS)
def test_queries_are_the_same_with_one_row_and_with_three(client, make, request):
    asked = []
    for number in (1, 3):
        page = make(number)
        client.get(page.url)  # makes what pictures it needs
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page.url).status_code == 200
        asked.append(len(queries))
        page.get_children().delete() if make is home else page.delete()
    assert asked[0] == asked[1] < 50
