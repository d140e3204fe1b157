"""What private files say about people. Their bytes are exported and erased by whatever holds them."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import WITH_ITS_ROW, Stays

from .models import FileHold, PrivateFile

declare(
    PrivateFile,
    by="uploader",
    personal={
        "file variants taken_at raw": Personal(
            _("photos and papers of your home"),
            Stays(_("goes with the entry that holds it")),
            WITH_ITS_ROW,
            withheld=_("each file lies beside the entry that holds it"),
        )
    },
    plain=(
        "id sha256 content_type size width height pages seconds state refused_for variant_state variant_claims "
        "variants_due_at created_at deleted_at"
    ),
)
declare(FileHold, plain="id until")
