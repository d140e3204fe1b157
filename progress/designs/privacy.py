"""What design changes hold about people: who answered for a home, and what staff wrote of calls."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, BY_TIME, After, Stays

from . import records
from .models import Answer, DesignCall, DesignChange, DesignDrawing, DesignPlace, DesignRecord, DesignText
from .models.records import KEPT

TEXT = "title_en title_zh what_en what_zh why_en why_zh means_en means_zh answer_by"

declare(
    DesignChange,
    by="author",
    plain=(
        f"id {TEXT} development state text_version published_at withdrawn_at reason_en reason_zh created_at homes "
        "next_step next_step_at"
    ),
)
declare(DesignText, by="by", plain=f"id {TEXT} change version note_en note_zh at")
declare(DesignPlace, plain="id change development building home")
declare(DesignDrawing, plain="id change file name from_version until_version")
declare(
    Answer,
    of="owner",
    heading=_("Your answers to design changes"),
    personal={
        "change home text_version answer comment at late ended_at ended_because": Personal(
            _("to know who has answered a design change for the home, when, and which text"),
            Stays(_("stays with the home, without your name: it is evidence of how the home was agreed to be built")),
            AS_LAW_ASKS,
        )
    },
    plain="id",
)
declare(
    DesignCall,
    of="owner",
    by="by",
    heading=_("Our calls about design changes"),
    personal={
        "change home text_version outcome at": Personal(
            _("to know that somebody told you in time"),
            Stays(_("stays with the home, without your name: it shows that nobody was passed over")),
            AS_LAW_ASKS,
        ),
        "note": Personal(_("to go on where the last call ended"), BLANKED),
    },
    plain="id",
)
declare(
    DesignRecord,
    by="asked_by",
    personal={
        "file": Personal(
            _("to hand staff the record of a design change on paper"),
            BY_TIME,
            After(KEPT.days, rows=DesignRecord.objects.to_forget, act=records.forget),
            withheld=_("your own answers stand in your copy already"),
        )
    },
    plain="id change language state asked_at heard_at claims made_at",
)
