"""Where files lie: in folders, or in a bucket of an object store."""

from django.core.exceptions import ImproperlyConfigured

DISK = "django.core.files.storage.FileSystemStorage"


def where_files_lie(env, private_root):
    """The entries "default" (editors' media) and "private" (customers' files) of STORAGES."""
    bucket = env.str("S3_BUCKET", "")
    if not bucket:
        return {
            "default": {"BACKEND": DISK},
            "private": {"BACKEND": "accounts.files.storage.PrivateStorage", "OPTIONS": {"location": private_root}},
        }
    if env.str("X_ACCEL_PREFIX", ""):
        raise ImproperlyConfigured(
            "S3_BUCKET and X_ACCEL_PREFIX exclude each other: a front server can't send what lies in a bucket."
        )
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.str("S3_ENDPOINT", "") or None,
        "region_name": env.str("S3_REGION", "") or None,
        "access_key": env.str("S3_ACCESS_KEY", "") or None,
        "secret_key": env.str("S3_SECRET_KEY", "") or None,
        "addressing_style": env.str("S3_ADDRESSING", "auto"),
    }
    return {
        "default": {"BACKEND": "accounts.files.buckets.MediaBucket", "OPTIONS": options},
        "private": {"BACKEND": "accounts.files.buckets.PrivateBucket", "OPTIONS": options},
    }
