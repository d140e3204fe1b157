"""Whether three photos of 8 MB keep their sender waiting: a ticket with them against one without. `make bench`.

Over real HTTP, to the web processes as the Procfile has them; timed from the last byte that is sent, since how long 24
MB take is the line's affair. The photos are made anew by the worker: none is when the answer comes, all are once the
worker's task has run.
"""

from http.client import HTTPConnection
from statistics import median
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.files.models import PrivateFile
from accounts.files.tasks import make_variants_of
from portal.tickets.models import Ticket
from tests.accounts.files.pictures import encoded, noise
from tests.bench.bench_open_days import TOKEN, served
from tests.factories import OwnershipFactory

OWNERS, ROUNDS, PHOTOS, MEGABYTES = 6, 18, 3, 8
LIMIT = 2.0
LINE = "the-line-between-parts"


def photo():
    """A JPEG of eight megabytes, as a telephone makes them."""
    content = encoded(noise(3264, 2448), quality=83)
    return content.ljust(MEGABYTES * 1024 * 1024, b"\0")  # what stands behind its end changes nothing


def body(fields, photos):
    parts = [
        f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for number, content in enumerate(photos):
        head = f'Content-Disposition: form-data; name="files"; filename="{number}.jpg"\r\nContent-Type: image/jpeg'
        parts.append(f"--{LINE}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join([*parts, f"--{LINE}--\r\n".encode()])


def send(where, tie, cookies, photos):
    """Seconds of all, and of the time from the last byte to the answer, which sends one on to the ticket."""
    fields = [("csrfmiddlewaretoken", TOKEN), ("op", uuid4()), ("kind", "repair"), ("text", "The tap drips.")]
    sent = body(fields, photos)
    headers = {"Cookie": cookies, "Content-Type": f"multipart/form-data; boundary={LINE}"}
    line = HTTPConnection(*where, timeout=60)
    line.connect()
    began = perf_counter()
    line.request("POST", reverse("home:ticket-raise", args=[tie.home_id]), sent, headers)
    sent_all = perf_counter()
    response = line.getresponse()
    response.read()
    answered = perf_counter()
    line.close()
    assert response.status == 302, response.status
    return answered - began, answered - sent_all


def log_in(tie):
    client = Client()
    client.force_login(tie.owner.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def bench_a_ticket_with_photos(transactional_db, database_url, tmp_path):
    owners = [(tie, log_in(tie)) for tie in OwnershipFactory.create_batch(OWNERS)]
    photos, times = [photo()] * PHOTOS, {0: [], PHOTOS: []}
    with served(database_url, "portal.wsgi:application", tmp_path / "log") as where:
        for count in times:  # the first of each goes uncounted
            send(where, *owners[0], photos[:count])
        for number in range(ROUNDS):
            for count, taken in times.items():
                taken.append(send(where, *owners[number % OWNERS], photos[:count]))
    files = PrivateFile.objects.filter(state=PrivateFile.State.WAITING)
    assert files.count() == PHOTOS * (ROUNDS + 1)  # so none was made anew while somebody waited
    some = [str(pk) for pk in files.values_list("pk", flat=True)[:PHOTOS]]
    began = perf_counter()
    make_variants_of(some)
    worked = perf_counter() - began
    made = PrivateFile.objects.filter(pk__in=some, state=PrivateFile.State.CLEAN, variant_state="made")
    whole = median(began for began, _answered in times[PHOTOS])
    without, with_photos = (median(answered for _began, answered in taken) for taken in times.values())
    ratio = with_photos / without
    print(
        f"a ticket: {1000 * without:.0f} ms; with three photos of 8 MB: {1000 * with_photos:.0f} ms ({ratio:.2f} times)"
    )
    print(f"with sending them {1000 * whole:.0f} ms; the worker then takes {worked:.1f} s for the three")
    assert made.count() == PHOTOS
    assert Ticket.objects.count() == 2 * (ROUNDS + 1)
    assert ratio <= LIMIT, f"{ratio:.2f} times"
