"""A check of a home as it stands in the table of addresses: filled in, with a photo, and one that its owner makes."""

import uuid

from portal.care.checks.models import Check, CheckForm, Result, ResultPhoto
from portal.care.models import Rule
from progress.promises.models import Promise
from tests.factories import NOW, TODAY, PrivateFileFactory

from .factories import RuleFactory


def checked(home, owner):
    """What stands in the place of each word of the table."""
    form = CheckForm.objects.get(code="one-year", state="on")
    begun = {"begun_at": NOW, "planned_at": NOW, "home": home, "development": home.development}
    done = Check.objects.create(form=form, stage="filled", filled_at=NOW, found_on=TODAY, **begun)
    result = Result.objects.create(
        id=uuid.uuid4(), check_of=done, item=form.items.first(), verdict="pass", done_at=NOW, arrived_at=NOW
    )
    own = CheckForm.objects.get(code="self-check", state="on")
    rule = Rule.objects.filter(code="warranty-60").first() or RuleFactory(code="warranty-60", product="reminder")
    return {
        "a check": done,
        "check item": form.items.first(),
        "finding": result,
        "check photo": ResultPhoto.objects.create(result=result, file=PrivateFileFactory()),
        "code of a form": own.code,
        "draft form": CheckForm.objects.create(code="draft", name_en="Draft", made_at=NOW),
        "self-check": Check.objects.create(form=own, stage="begun", self_check=True, **begun),
        "self-check item": own.items.first(),
        "care promise": Promise.objects.create(
            key="care:warranty-60:x",
            kind="care-reminder",
            rule=rule.code,
            home=home,
            development=home.development,
            made_at=NOW,
            due_at=NOW,
            team="customer_service",
            anchored_on=TODAY,
        ),
    }
