"""Dossiers, and what stands in them, for the tests of them."""

from datetime import timedelta

from django.utils import timezone

from portal.care.checks.models import Check, CheckForm, FormItem, Result
from portal.care.dossiers.models import Dossier
from tests.factories import NOW, PrivateFileFactory


def dossiered(home, owner):
    """The dossier that an owner had made, for tests/test_urls.py."""
    now = timezone.now()
    values = {"home": home, "asked_by": owner.user, "kind": "pdf", "language": "en", "asked_at": now}
    return {
        "dossier": Dossier.objects.create(**values, as_of=now, ready_at=now, state="ready", file=PrivateFileFactory())
    }


def checked(home, *, name="Wei Lan", note="The tap drips a little", self_check=False, pdf=None):
    """A signed check of one item."""
    form, _new = CheckForm.objects.get_or_create(
        code="dossier", version=1, defaults={"name_en": "Check of a dossier", "made_at": NOW}
    )
    item, _new = FormItem.objects.get_or_create(form=form, code="tap", defaults={"text_en": "Kitchen tap"})
    done = NOW - timedelta(days=30)
    moments = dict.fromkeys(("planned_at", "begun_at", "filled_at", "signed_at", "asked_at"), done)
    check = Check.objects.create(
        home=home,
        development=home.development,
        form=form,
        stage="signed",
        found_on=done.date(),
        signed_name=name,
        self_check=self_check,
        pdf=pdf,
        **moments,
    )
    Result.objects.create(check_of=check, item=item, verdict="pass", note=note, done_at=done, arrived_at=done)
    return check
