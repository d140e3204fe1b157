"""Form fields for many photos, for photos and videos, for a document, for many documents."""

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .checks import MAX_PHOTO_BYTES, MAX_PHOTOS, FileError, check_count, check_photo, shown_name
from .documents import MAX_DOCUMENT_BYTES, Document, read_document
from .images import Photo, read_photo
from .receiving import MAX_MEDIA, MAX_VIDEO_BYTES, check_media


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self, attrs=None):
        limits = {"data-max-files": MAX_PHOTOS, "data-max-bytes": MAX_PHOTO_BYTES}  # for a warning before sending
        super().__init__({"accept": "image/*,.heic,.heif", **limits, **(attrs or {})})


class PhotosField(forms.FileField):
    """Cleans to a list of photos that `store_image` takes, checked and re-encoded: no work is left for the transaction.

    Each bad file is an error of its own that names it. Size, type and header of all are checked
    before the first is decoded.
    """

    widget = PhotosInput
    default_error_messages = {"required": _("Please choose at least one photo.")}

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list) else [data] if data else []
        if not uploads:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        _each(check_count, [uploads])
        _each(check_photo, uploads)
        return _each(read_photo, uploads)


class MediaInput(PhotosInput):
    def __init__(self, attrs=None):
        limits = {"data-max-files": MAX_MEDIA, "data-max-bytes": MAX_VIDEO_BYTES}
        super().__init__({"accept": "image/*,.heic,.heif,video/*", **limits, **(attrs or {})})


class MediaField(forms.FileField):
    """Cleans to a list of `Received`, photos and short videos that `receive_media` takes: their headers are checked,
    and the worker does the rest. A bad file is an error that names it. Its view says `@takes_media`.
    """

    widget = MediaInput
    default_error_messages = {"required": _("Please choose at least one photo or video.")}

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list) else [data] if data else []
        if not uploads:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(uploads) > MAX_MEDIA:
            raise ValidationError(_("Please choose at most %(count)s files at once."), params={"count": MAX_MEDIA})
        return _each(check_media, uploads)


class DocumentInput(forms.FileInput):
    def __init__(self, attrs=None):
        limits = {"accept": ".pdf,.jpg,.jpeg,.png,.webp,.heic,.heif", "data-max-bytes": MAX_DOCUMENT_BYTES}
        super().__init__({**limits, **(attrs or {})})


class DocumentsInput(DocumentInput):
    allow_multiple_selected = True


class CheckedUpload(NamedTuple):
    """One of many uploads: ready to be stored, or why it cannot be."""

    name: str
    checked: Document | Photo | None
    problem: str


class DocumentField(forms.FileField):
    """Cleans to a CheckedUpload, whose `checked` `store_document` takes: no work is left for the transaction."""

    widget = DocumentInput

    def clean(self, data, initial=None):
        if not data:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        upload = _check(data)
        if upload.problem:
            raise ValidationError(upload.problem)
        return upload


def _check(uploaded):
    name = shown_name(uploaded.name, longest=200)
    try:
        return CheckedUpload(name, read_document(uploaded), "")
    except FileError as error:
        return CheckedUpload(name, None, str(error))


class DocumentsField(forms.FileField):
    """Cleans to a list of CheckedUploads. A bad file is no error of the form, so that the good ones can go on."""

    widget = DocumentsInput
    default_error_messages = {"required": _("Please choose at least one file.")}

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list) else [data] if data else []
        if not uploads:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(uploads) > MAX_PHOTOS:
            raise ValidationError(_("Please choose at most %(count)s files at once."), params={"count": MAX_PHOTOS})
        return [_check(uploaded) for uploaded in uploads]


def _each(step, items):
    """What `step` returns for each of `items`, or one ValidationError with all that was wrong."""
    results, errors = [], []
    for item in items:
        try:
            results.append(step(item))
        except FileError as error:
            errors.append(str(error))
    if errors:
        raise ValidationError(list(dict.fromkeys(errors)))
    return results
