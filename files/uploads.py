"""How a browser's files come in: held in memory, never written to a disk in the clear."""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from files.kinds import LARGEST

# One file and the form around it.
LARGEST_REQUEST = LARGEST + 1_000_000


class MemoryOnlyHandler(FileUploadHandler):
    """Keeps a file in memory up to the largest that is taken; of a larger one only its size."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # named by Django
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse before reading what cannot be one file. Raises RequestDataTooBig."""
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("More than one file of the largest size.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= LARGEST:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
