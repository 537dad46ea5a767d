"""Documents as pdf: what runs, hides or tells about the author is taken out; the pages stay."""

import io
from typing import Any

import pikepdf

from files.kinds import Media, RefusedError

MAX_PAGES = 500
DEEPEST = 40
# Keys that start something, carry another file, or tell who made it where.
TAKEN_OUT = (
    "/AA",
    "/OpenAction",
    "/JS",
    "/JavaScript",
    "/XFA",
    "/EmbeddedFiles",
    "/EF",
    "/AF",
    "/RichMediaContent",
    "/Metadata",
    "/PieceInfo",
    "/Thumb",
    "/LastModified",
)
# Actions that do more than turn a page.
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/URI",
}
END = b"\xff\xd9"
OF_STREAMS = {"/Length", "/Filter", "/DecodeParms"}


def wash_pdf(content: bytes, media: Media) -> bytes:
    """The same pages. Raises RefusedError."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) > MAX_PAGES:
                raise RefusedError("too_many_pages")
            _strip(document)
            target = io.BytesIO()
            document.save(target, deterministic_id=True, fix_metadata_version=False)
    except pikepdf.PasswordError as error:
        raise RefusedError("locked") from error
    except (pikepdf.PdfError, ValueError, RecursionError, RuntimeError) as error:
        raise RefusedError("broken") from error
    return target.getvalue()


def _strip(document: pikepdf.Pdf) -> None:
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    for thing in document.objects:
        _clean(thing, 0)


def _clean(thing: Any, depth: int) -> None:
    """One object and what lies directly in it; what it points to has its own turn."""
    if depth > DEEPEST:
        raise RefusedError("broken")
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        _drop_keys(thing)
        parts = [thing[key] for key in list(thing.keys())]
    else:
        return
    for part in parts:
        _clean_direct(part, depth)
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == pikepdf.Name.DCTDecode:
        _clean_photo(thing)


def _drop_keys(thing: pikepdf.Dictionary | pikepdf.Stream) -> None:
    acts = str(thing.get("/S", "")) in ACTIONS
    for key in list(thing.keys()):
        if key in TAKEN_OUT or (acts and key not in OF_STREAMS):
            del thing[key]


def _clean_direct(part: Any, depth: int) -> None:
    if isinstance(part, pikepdf.Object) and not part.is_indirect:
        _clean(part, depth + 1)


def _clean_photo(stream: pikepdf.Stream) -> None:
    """A photo inside the document keeps its own notes, place included: take them out."""
    decoding: Any = stream.get("/DecodeParms")
    stream.write(
        without_notes(stream.read_raw_bytes()),
        filter=pikepdf.Name.DCTDecode,
        decode_parms=decoding,
    )


def without_notes(photo: bytes) -> bytes:
    """A jpeg without its APPn and comment segments; Adobe's, which says the colours, stays."""
    kept, at = bytearray(photo[:2]), 2
    while photo[at : at + 1] == b"\xff" and at + 4 <= len(photo):
        marker = photo[at + 1]
        if marker == 0xDA:
            break
        end = at + 2 + int.from_bytes(photo[at + 2 : at + 4], "big")
        is_note = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)
        if not is_note:
            kept += photo[at:end]
        at = end
    # Behind the end of the picture there may be anything.
    return bytes(kept) + photo[at:].partition(END)[0] + END
