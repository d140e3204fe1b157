"""An object store on the loopback (moto), in a process of its own, and the settings of a portal that uses it."""

import sys
from contextlib import contextmanager

import boto3

from tests.running.processes import HOST, Process, free_ports, listens, wait_until

BUCKET, KEY = "portal-files", "only-for-tests"


@contextmanager
def object_store(folder):
    """Yields its address; the bucket is there, and empty."""
    [port] = free_ports(1)
    process = Process([sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)], log=folder / "moto.log")
    try:
        wait_until(lambda: listens(port), "no object store")
        url = f"http://{HOST}:{port}"
        client(url).create_bucket(Bucket=BUCKET)
        yield url
    finally:
        process.kill()


def client(url):
    return boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=KEY
    )


def environment(url):
    """What such a portal is told."""
    return {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT": url,
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": KEY,
        "S3_SECRET_KEY": KEY,
        "S3_ADDRESSING": "path",
    }
