"""What is attached to a mail, looked at as every upload is: what may be kept, and which was not taken, and why."""

from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.files.checks import FileError, head_of, real_type
from accounts.files.documents import PDF, read_document
from accounts.files.receiving import check_media


@dataclass
class Parts:
    """`media` for `media_ahead`, `documents` for `store_document`, and a sentence for each that was not taken."""

    media: list = field(default_factory=list)
    documents: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    stored: list = field(default_factory=list)  # of PrivateFile, once `media` are

    @classmethod
    def of(cls, letter, *, language):
        """Check them one by one; takes up to seconds. The sentences are in `language`."""
        parts = cls()
        with translation.override(language):
            for uploaded in letter.files:
                parts._take(uploaded)
            for name in letter.left_out:
                parts.refused.append(_("“%(name)s” is one file too many for one e-mail.") % {"name": name})
        return parts

    def _take(self, uploaded):
        try:
            if uploaded.size and real_type(head_of(uploaded)) == PDF:
                self.documents.append(read_document(uploaded))
            else:
                self.media.append(check_media(uploaded))
        except FileError as error:
            self.refused.append(str(error))

    def told(self):
        """What is said below the message of those that were not taken, in the active language; "" of none."""
        if not self.refused:
            return ""
        return "\n".join([_("Not taken from the e-mail:"), *(f"· {sentence}" for sentence in self.refused)])
