"""The roof: settings, urls, the job queue, the home page."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
