"""The Celery application; jobs reach it only through the outbox."""

import os

from celery import Celery
from celery.signals import worker_init

from config.startup import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("casework")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect(weak=False)
def refuse_unsafe_worker(**kwargs: object) -> None:
    """A worker has keys too: it starts under the same conditions as the web."""
    refuse_unsafe_start()
