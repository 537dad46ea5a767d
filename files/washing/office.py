"""Office documents: never opened, only checked as archives; what tells of the author goes."""

import io
import re
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

from files.kinds import Media, RefusedError

MAX_PARTS = 2_000
MAX_UNPACKED = 150 * 1000 * 1000
MAX_RATIO = 200
SMALL = 1_000_000
MAIN_PART = {Media.DOCX: "word/document.xml", Media.XLSX: "xl/workbook.xml"}
PROGRAMS = re.compile(r"vbaProject|\.bin$|activeX|embeddings/|\.exe$|\.js$|\.vbs$", re.IGNORECASE)
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
PROPERTIES = {
    "docProps/core.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
        '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
        '"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
        '"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}
THUMBNAIL = re.compile(r"docProps/thumbnail\.", re.IGNORECASE)
# The format knows no earlier day.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def wash_office(content: bytes, media: Media) -> bytes:
    """The same parts with empty properties. Raises RefusedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, media)
            return _copy(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise RefusedError("broken") from error
    except (DefusedXmlException, ParseError) as error:
        raise RefusedError("active") from error


def _check(archive: zipfile.ZipFile, media: Media) -> None:
    """Only from what the archive says of itself; nothing is unpacked yet."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("locked")
    if len(parts) > MAX_PARTS or unpacked > max(SMALL, min(MAX_UNPACKED, packed * MAX_RATIO)):
        raise RefusedError("too_heavy")
    if "[Content_Types].xml" not in names or MAIN_PART[media] not in names:
        raise RefusedError("type_differs")
    strange = [n for n in names if n.startswith("/") or ".." in n.split("/") or "\\" in n]
    if strange or len(set(names)) != len(names):
        raise RefusedError("broken")
    if any(PROGRAMS.search(name) for name in names):
        raise RefusedError("active")


def _copy(archive: zipfile.ZipFile) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as clean:
        for part in archive.infolist():
            if THUMBNAIL.match(part.filename):
                continue
            content = archive.read(part)
            if part.filename.endswith(".rels"):
                content = _without_thumbnail(content)
            content = PROPERTIES.get(part.filename, "").encode() or content
            fresh = zipfile.ZipInfo(part.filename, NO_TIME)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            clean.writestr(fresh, content)
    return target.getvalue()


def _without_thumbnail(relations: bytes) -> bytes:
    """Relations of a part; those that load something from elsewhere are refused."""
    tree = ElementTree.fromstring(relations)
    for relation in tree.findall(RELATION):
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            raise RefusedError("active")
    return re.sub(rb'<Relationship\b[^>]*metadata/thumbnail"[^>]*/>', b"", relations)
