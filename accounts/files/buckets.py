"""Files in a bucket of an object store that speaks S3 (S3_BUCKET), in place of folders on a disk.

Only a portal that has one imports this: the client it needs takes a quarter of a second and 20 MB.
"""

from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.utils import FileProxyMixin
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3File, S3Storage

IN_MEMORY = 1024 * 1024  # bytes of a file that is read; more goes to a temporary file
NOT_THERE = {"NoSuchKey", "404"}  # a bucket that is not there has a code of its own
CONNECTING, ANSWERING, ATTEMPTS = 5, 20, 3  # seconds, seconds, and how often it is tried


@contextmanager
def errors_of_a_disk(name):
    """What the store answers or doesn't, as the OSError that a disk would raise: that is what callers know."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code")
        if code in NOT_THERE:
            raise FileNotFoundError(f"There is no {name} in the bucket.") from error
        raise OSError(None, f"the object store refused ({code})") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(None, f"the object store can't be reached ({type(error).__name__})") from error


class BucketFile(S3File):
    """One that is read. Its bytes come with the first look at them."""

    def _get_file(self):
        with errors_of_a_disk(self.name):
            return super()._get_file()

    file = property(_get_file, S3File._set_file)


class Handed(FileProxyMixin):
    """What is handed to the client, which keeps hold of it for longer than needed: the file is taken back."""

    def __init__(self, file):
        self.file = file


class Bucket(S3Storage):
    """A folder of a bucket. An object is there whole or not at all, and a name saved again is replaced in one step.

    Nobody but the portal reads the bucket: it has no public addresses, and its objects no rights of their own.
    """

    def get_default_settings(self):
        return super().get_default_settings() | {
            "file_overwrite": True,
            "default_acl": None,
            "max_memory_size": IN_MEMORY,
            "transfer_config": TransferConfig(use_threads=False),
        }

    def __init__(self, **options):
        addressing = options.pop("addressing_style", "auto")
        # Checksums of the newer kind are more than most stores but Amazon's understand.
        client = Config(
            s3={"addressing_style": addressing},
            connect_timeout=CONNECTING,
            read_timeout=ANSWERING,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=client, **options)

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError("Files of a bucket are read whole and saved whole.")
        with errors_of_a_disk(name):
            return BucketFile(self._normalize_name(name), mode, self)

    def _save(self, name, content):
        handed = Handed(content)
        try:
            with errors_of_a_disk(name):
                return super()._save(name, handed)
        finally:
            handed.file = None

    def delete(self, name):
        with errors_of_a_disk(name):
            super().delete(name)

    def exists(self, name):
        with errors_of_a_disk(name):
            return super().exists(name)

    def size(self, name):
        with errors_of_a_disk(name):
            return super().size(name)

    def get_modified_time(self, name):
        with errors_of_a_disk(name):
            return super().get_modified_time(name)

    def listdir(self, name):
        with errors_of_a_disk(name):
            return super().listdir(name)


class PrivateBucket(Bucket):
    """In place of `PrivateStorage`: Django sends the bytes, so that the scope stays ours."""

    location = "private"

    def url(self, name, *args, **kwargs):
        raise ValueError("Private files have no URL: the view of whoever holds the file delivers it.")


class MediaBucket(Bucket):
    """Editors' pictures and documents. Pictures are shown under MEDIA_URL, never at the store's address."""

    location = "media"

    def get_available_name(self, name, max_length=None):
        """Two pictures of one name are two pictures, as on a disk."""
        return super(S3Storage, self).get_available_name(name, max_length)

    def url(self, name, *args, **kwargs):
        return settings.MEDIA_URL + filepath_to_uri(name)
