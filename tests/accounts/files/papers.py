"""PDFs for tests, good and bad, made on the spot."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def pdf(*, pages=1, password="", script="", attachment=b"", launch=""):
    """The bytes of a PDF with empty pages, and whatever else is asked for."""
    writer = PdfWriter()
    for _each in range(pages):
        writer.add_blank_page(width=595, height=842)
    if attachment:
        writer.add_attachment("inside.exe", attachment)
    if script or launch:
        does = ("/JavaScript", "/JS", script) if script else ("/Launch", "/F", launch)
        action = {NameObject("/S"): NameObject(does[0]), NameObject(does[1]): TextStringObject(does[2])}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def paper(name="3-1102 Contract.pdf", content=None, **options):
    """An upload that is a PDF."""
    return SimpleUploadedFile(name, pdf(**options) if content is None else content, "application/pdf")


def written(*objects):
    """The bytes of a PDF of exactly these objects, the first its root."""
    content, places = bytearray(b"%PDF-1.5\n"), []
    for number, each in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(content))
    return bytes(content) + table + trailer
