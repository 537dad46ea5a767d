"""Read a file from standard input, write the clean one to standard output.

Ends with 0, or with 3 and the reason's code on standard error.
"""

import resource
import sys

from files.kinds import Media, RefusedError
from files.washing.audio import wash_m4a, wash_opus
from files.washing.images import wash_image
from files.washing.office import wash_office
from files.washing.pdf import wash_pdf

REFUSED = 3
MEMORY = 1_200 * 1024 * 1024
CPU_SECONDS = 60
OPEN_FILES = 64

WASHERS = {
    Media.JPEG: wash_image,
    Media.PNG: wash_image,
    Media.WEBP: wash_image,
    Media.HEIC: wash_image,
    Media.PDF: wash_pdf,
    Media.DOCX: wash_office,
    Media.XLSX: wash_office,
    Media.M4A: wash_m4a,
    Media.OPUS: wash_opus,
}


def main(media: str) -> int:
    limit()
    content = sys.stdin.buffer.read()
    try:
        clean = WASHERS[Media(media)](content, Media(media))
    except RefusedError as refused:
        sys.stderr.write(refused.code)
        return REFUSED
    except MemoryError:
        sys.stderr.write("too_heavy")
        return REFUSED
    sys.stdout.buffer.write(clean)
    return 0


def limit() -> None:
    """Bound what a hostile file can use; a core dump would hold it in the clear."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
