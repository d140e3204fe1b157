"""Bodies that no form asked for: large ones, and many files, sent to every address that takes a POST."""

from io import BytesIO

import pytest
from django.urls import reverse

from tests.test_urls import persons, row_of, world  # noqa: F401  fixtures
from tests.urls_table import ROWS

MEGABYTE = 1024 * 1024
PART = b'--X\r\nContent-Disposition: form-data; name="%s"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n%s\r\n'
FILES_WANTED = {
    "site:update-new",
    "site:update-edit",
    "site:update-correct",
    "desk_updates:update-new",
    "desk_updates:update-edit",
    "desk_updates:update-correct",
    "site:design-new",
    "site:design-edit",
    "site:design-amend",
    "desk_updates:design-new",
    "desk_updates:design-edit",
    "desk_updates:design-amend",
    "desk_card:add",
    "desk_card:edit",
    "desk_homedocument:add",
    "desk_homedocument:many",
    "desk_homedocument:new_version",
    "desk_imports:front",
    "desk_imports:upload",
    "home:check-record",
    "home:opinion",
    "home:ticket-raise",
    "home:ticket-reply",
    "desk_ticket:note",
    "desk_ticket:raise_at",
    "desk_ticket:reply",
    "site:check-record",
    "site:check-sign",
    "site:repair-photos",
    "site:repair-sheet",
}


class Counted(BytesIO):
    """A body that knows how much of it was read."""

    taken = 0

    def read(self, *args):
        found = super().read(*args)
        self.taken += len(found)
        return found


def send(client, url, body):
    counted = Counted(body)
    extra = {"wsgi.input": counted, "CONTENT_LENGTH": str(len(body))}
    response = client.generic("POST", url, b"x", content_type="multipart/form-data; boundary=X", **extra)
    list(response)
    return response.status_code, counted.taken


def posts(world):  # noqa: F811
    rows = {name.removeprefix("POST "): row_of(world, name, words)[1] for name, words, _answers in ROWS}
    return rows | {f"account: {name}": reverse(name) for name in ("account_login", "account_email", "mfa_add_webauthn")}


@pytest.mark.parametrize("person", ["the owner", "supervisor here"])
class TestEverywhere:
    def test_twelve_megabytes_break_nothing_and_are_read_where_files_are_wanted_alone(self, world, persons, person):  # noqa: F811
        body = PART % (b"file", b"x" * (12 * MEGABYTE)) + b"--X--\r\n"
        bad = {}
        for name, url in posts(world).items():
            status, taken = send(persons[person], url, body)
            if (status >= 500 and name != "health-ready") or (taken > 6 * MEGABYTE and name not in FILES_WANTED):
                bad[name] = (status, taken // MEGABYTE)
        assert bad == {}

    def test_where_they_are_wanted_they_are_read(self, world, persons, person):  # noqa: F811
        body = PART % (b"file", b"x" * (12 * MEGABYTE)) + b"--X--\r\n"
        url = reverse("desk_homedocument:many")
        status, taken = send(persons[person], url, body)
        assert (status, taken > 6 * MEGABYTE) == {"the owner": (404, False)}.get(person, (200, True))

    def test_twenty_five_files_break_nothing(self, world, persons, person):  # noqa: F811
        body = b"".join(PART % (b"f%d" % number, b"x" * 1000) for number in range(25)) + b"--X--\r\n"
        results = {name: send(persons[person], url, body)[0] for name, url in posts(world).items()}
        assert {name: status for name, status in results.items() if status >= 500 and name != "health-ready"} == {}
