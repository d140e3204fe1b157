"""Evidence as the owner's pages show it."""

from django.urls import reverse


def as_photo(proof):
    """Evidence as the tag `gallery` takes it."""
    urls = {name: reverse("home:evidence-photo", args=[proof.pk, name]) for name in ("thumb", "large")}
    return {
        "page_url": urls["large"],
        "thumb_url": urls["thumb"],
        "large_url": urls["large"],
        "alt": str(proof.caption or proof.document or proof.taken_on),
        "caption": proof.caption,
        "width": proof.file.width,
        "height": proof.file.height,
    }
