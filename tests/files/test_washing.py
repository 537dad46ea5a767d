import io
import time
import zipfile

import pikepdf
import pytest
from PIL import Image

from files.actions.checking import wash
from files.kinds import Media, RefusedError, first_look
from files.washing.audio import _crc
from files.washing.pdf import without_notes
from tests.files import samples

HONEST = {
    "photo.jpg": (Media.JPEG, samples.photo_with_place),
    "photo.png": (Media.PNG, lambda: samples.picture("PNG")),
    "photo.webp": (Media.WEBP, lambda: samples.picture("WEBP")),
    "photo.heic": (Media.HEIC, samples.heic),
    "paper.pdf": (Media.PDF, lambda: samples.document(hostile=True)),
    "letter.docx": (Media.DOCX, samples.letter),
    "voice.m4a": (Media.M4A, samples.recording),
    "voice.opus": (Media.OPUS, samples.opus),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_hides_in_an_honest_file_does_not_come_through(name):
    media, make = HONEST[name]
    content = make()

    clean = wash(content, media)

    assert clean.reason == ""
    assert clean.content
    assert b"CANARY" not in clean.content
    assert first_look(name, media, content[:4096], len(content)) == media


def test_a_photo_keeps_its_points_and_loses_the_place():
    clean = Image.open(io.BytesIO(wash(samples.photo_with_place(), Media.JPEG).content))

    assert (clean.format, clean.size) == ("JPEG", (40, 30))
    assert dict(clean.getexif()) == {}


def test_a_photo_that_was_turned_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    clean = Image.open(io.BytesIO(wash(samples.picture(exif=exif), Media.JPEG).content))

    assert clean.size == (30, 40)


@pytest.mark.parametrize(("mode", "kept"), [("RGBA", "RGBA"), ("P", "RGB"), ("L", "L")])
def test_a_picture_keeps_its_colours(mode, kept):
    target = io.BytesIO()
    Image.new(mode, (5, 5)).save(target, "PNG")

    assert Image.open(io.BytesIO(wash(target.getvalue(), Media.PNG).content)).mode == kept


def test_a_photo_of_a_phone_becomes_a_jpeg():
    clean = wash(samples.heic(), Media.HEIC)

    assert Image.open(io.BytesIO(clean.content)).format == "JPEG"


def test_a_document_keeps_its_pages_and_links_nowhere():
    clean = pikepdf.open(
        io.BytesIO(wash(samples.document(pages=3, hostile=True), Media.PDF).content)
    )

    assert len(clean.pages) == 3
    assert dict(clean.attachments) == {}
    assert "/OpenAction" not in clean.Root
    assert "/Info" not in clean.trailer


def test_a_letter_keeps_its_text():
    extra = {
        "word/_rels/document.xml.rels": samples.RELS.format(
            samples.EXTERNAL.format("hyperlink", 'TargetMode="External"')
        )
    }

    clean = zipfile.ZipFile(io.BytesIO(wash(samples.letter(extra=extra), Media.DOCX).content))

    assert clean.read("word/document.xml") == b"<w:document/>"
    assert b"canary.example" in clean.read("word/_rels/document.xml.rels")


def test_a_recording_keeps_its_length_and_sums():
    content = samples.opus()

    clean = wash(content, Media.OPUS).content

    assert len(clean) == len(content)
    second = len(samples.page(0, b"OpusHead\1\1" + bytes(9)))
    end = second + len(samples.page(1, b"OpusTags" + bytes(4 + 3 + 8 + 21)))
    page = bytearray(clean[second:end])
    told = int.from_bytes(page[22:26], "little")
    page[22:26] = bytes(4)
    assert _crc(page) == told


REFUSED = {
    "cut jpeg": (Media.JPEG, lambda: samples.picture(size=(900, 900))[:-900], "broken"),
    "no picture": (Media.PNG, lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "broken"),
    "moving png": (Media.PNG, samples.moving, "moving"),
    "moving webp": (Media.WEBP, lambda: samples.moving("WEBP"), "moving"),
    "cut pdf": (Media.PDF, lambda: b"%PDF-1.7\n" + bytes(100), "broken"),
    "macros": (Media.DOCX, lambda: samples.letter(extra={"word/vbaProject.bin": "x"}), "active"),
    "template from elsewhere": (
        Media.DOCX,
        lambda: samples.letter(
            extra={
                "word/_rels/settings.xml.rels": samples.RELS.format(
                    samples.EXTERNAL.format("attachedTemplate", 'TargetMode="External"')
                )
            }
        ),
        "active",
    ),
    "entities": (
        Media.DOCX,
        lambda: samples.letter(extra={"_rels/a.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "active",
    ),
    "other archive": (Media.XLSX, samples.letter, "type_differs"),
    "way out": (Media.DOCX, lambda: samples.letter(extra={"../../a": "x"}), "broken"),
    "cut archive": (Media.DOCX, lambda: samples.letter()[:-40], "broken"),
    "film": (Media.M4A, lambda: samples.recording(b"soun", b"vide"), "not_sound"),
    "no track": (Media.M4A, lambda: samples.box(b"ftyp", b"M4A "), "broken"),
    "box too long": (Media.M4A, lambda: samples.recording()[:-9], "broken"),
    "cut opus": (Media.OPUS, lambda: samples.opus()[:-9], "broken"),
    "opus without tags": (Media.OPUS, lambda: samples.page(0, b"OpusHead"), "broken"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_cleaned_is_refused_with_its_reason(what):
    media, make, reason = REFUSED[what]

    verdict = wash(make(), media)

    assert (verdict.content, verdict.reason) == (b"", reason)


def test_a_locked_document_is_refused():
    content = samples.document(encryption=pikepdf.Encryption(owner="a", user="b"))

    assert wash(content, Media.PDF).reason == "locked"


def great_png(side):
    """A real png of one colour: small on the wire, great in memory."""
    target = io.BytesIO()
    Image.new("1", (side, side)).save(target, "PNG")
    return target.getvalue()


def bomb():
    return samples.letter(extra={"word/media/a.xml": bytes(160_000_000)})


HEAVY = {
    "20 000 x 20 000": (Media.PNG, lambda: great_png(20_000), "too_many_pixels"),
    "49 million points": (Media.PNG, lambda: great_png(7_000), "too_many_pixels"),
    "5 000 frames": (Media.PNG, lambda: samples.moving(frames=5_000), "moving"),
    "1 000 pages": (Media.PDF, lambda: samples.document(pages=1_000), "too_many_pages"),
    "decompression bomb": (Media.DOCX, bomb, "too_heavy"),
}


@pytest.mark.parametrize("what", HEAVY)
def test_D03_heavy_files_are_refused_within_their_limits(what):
    media, make, reason = HEAVY[what]
    content = make()
    before = time.process_time()

    verdict = wash(content, media)

    assert verdict.reason == reason
    # What opens it is another process: here nothing is read.
    assert time.process_time() - before < 1


def test_D03_a_document_that_needs_too_much_memory_ends_its_own_process_only():
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Bomb = pikepdf.Stream(made, bytes(1_500_000_000 // 1000) * 200)
    target = io.BytesIO()
    made.save(target)

    verdict = wash(target.getvalue(), Media.PDF)

    assert verdict.reason in {"", "too_heavy", "broken"}


D02 = {
    "a page": ("photo.jpg", "image/jpeg", b"<!DOCTYPE html><script>", "type_differs"),
    "a drawing": ("photo.jpg", "image/jpeg", b"<svg xmlns='x' onload='a'>", "type_differs"),
    "a program": ("photo.jpg", "image/jpeg", b"MZ\x90\0" + bytes(99), "type_differs"),
    "php": ("photo.jpg", "image/jpeg", b"<?php system($_GET[0]);", "type_differs"),
    "a gif that is a script": ("a.jpg", "image/jpeg", b"GIF89a/*\0\0*/=1;alert(1)", "type_differs"),
    "a gif": ("a.gif", "image/gif", b"GIF89a" + bytes(99), "type_not_taken"),
    "two endings": ("a.php.jpg", "image/jpeg", samples.picture(), "two_endings"),
    "two endings, script last": ("a.jpg.PHP", "image/jpeg", samples.picture(), "two_endings"),
    "a great ending": ("A.PHP", "image/jpeg", samples.picture(), "type_not_taken"),
    "a drawing by name": ("a.SVG", "image/svg+xml", b"<svg>", "type_not_taken"),
    "no ending": ("photo", "image/jpeg", samples.picture(), "type_not_taken"),
    "only an ending": (".jpg", "image/jpeg", samples.picture(), "type_not_taken"),
    "another declared type": ("a.jpg", "text/html", samples.picture(), "type_differs"),
    "another kind": ("a.png", "image/png", samples.picture(), "type_differs"),
    "nothing": ("a.jpg", "image/jpeg", b"", "empty"),
    "pdf after a page": ("a.pdf", "application/pdf", b"<html>%PDF-1.7", "type_differs"),
    "a sound that is none": ("a.opus", "audio/ogg", b"OggS" + bytes(60), "type_differs"),
}


@pytest.mark.parametrize("what", D02)
def test_D02_what_is_not_what_it_says_is_refused_at_the_door(what):
    name, declared, content, code = D02[what]

    with pytest.raises(RefusedError) as refused:
        first_look(name, declared, content[:4096], len(content))

    assert refused.value.code == code


def test_D02_a_camera_writes_its_endings_in_capitals():
    content = samples.picture()

    assert first_look("IMG_0001.JPG", "image/jpeg", content, len(content)) == Media.JPEG
    assert first_look("IMG_0001.JPG", "", content, len(content)) == Media.JPEG


def test_notes_of_a_photo_end_where_its_points_begin():
    photo = samples.photo_with_place()

    plain = without_notes(photo)

    assert b"CANARY-camera" not in plain
    assert b"CANARY-comment" not in plain
    assert Image.open(io.BytesIO(plain)).size == (40, 30)
