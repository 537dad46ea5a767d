"""Files as they come in: honest ones, and hostile ones; all made here."""

import io
import struct
import zipfile

import pikepdf
import pillow_heif
from PIL import Image

from files.washing.audio import _crc

GPS = 0x8825


def picture(form="JPEG", size=(40, 30), **options):
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, form, **options)
    return target.getvalue()


def photo_with_place():
    """A jpeg that tells where and with what it was taken, with a comment and a script behind."""
    exif = Image.Exif()
    exif[0x010F] = "CANARY-camera"
    exif.get_ifd(GPS).update({1: "N", 2: (44.0, 48.0, 30.0), 3: "E", 4: (20.0, 27.0, 0.0)})
    picture_bytes = picture(exif=exif, comment=b"CANARY-comment")
    return picture_bytes + b"<script>CANARY-script()</script>"


def heic():
    pillow_heif.register_heif_opener()
    return picture("HEIF")


def moving(form="PNG", frames=3):
    target = io.BytesIO()
    colours = [Image.new("RGB", (8, 8), (n * 80 % 256, n % 256, n // 256)) for n in range(frames)]
    colours[0].save(target, form, save_all=True, append_images=colours[1:])
    return target.getvalue()


def document(pages=1, **more):
    """A pdf with whatever can hide in one."""
    made = pikepdf.new()
    for _number in range(pages):
        made.add_blank_page(page_size=(200, 200))
    if more.get("hostile"):
        made.docinfo["/Author"] = "CANARY-author"
        made.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS="app.alert('CANARY-script')"
        )
        made.attachments["a.exe"] = b"CANARY-attachment"
        page = made.pages[0]
        page.obj.AA = pikepdf.Dictionary(
            O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="CANARY-launch")
        )
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://canary.example/CANARY-link"),
        )
        page.obj.Annots = pikepdf.Array([link])
        image = pikepdf.Stream(made, photo_with_place())
        image.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Image,
                "/Width": 40,
                "/Height": 30,
                "/ColorSpace": pikepdf.Name.DeviceRGB,
                "/BitsPerComponent": 8,
                "/Filter": pikepdf.Name.DCTDecode,
            }
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
    target = io.BytesIO()
    options = {"encryption": more["encryption"]} if "encryption" in more else {}
    made.save(target, compress_streams=False, **options)
    return target.getvalue()


RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{}</Relationships>"
)
EXTERNAL = '<Relationship Id="r1" Type="http://x/{}" Target="http://canary.example" {}/>'


def archive(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def letter(**parts):
    """A docx; `extra` are more parts."""
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": RELS.format(""),
            "docProps/core.xml": "<x>CANARY-author</x>",
            "word/document.xml": "<w:document/>",
        }
        | parts.get("extra", {})
    )


def box(kind, content):
    return struct.pack(">I", 8 + len(content)) + kind + content


def track(kind=b"soun"):
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(12))))


def recording(*kinds, notes=b"CANARY-place"):
    moov = b"".join(track(kind) for kind in (kinds or (b"soun",)))
    moov += box(b"udta", notes)
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom") + box(b"moov", moov) + box(b"mdat", bytes(64))


def page(number, body, flags=0):
    segments = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS\0" + bytes([flags]) + bytes(8) + b"\1\0\0\0" + struct.pack("<I", number)
    raw = bytearray(head + bytes(4) + bytes([len(segments)]) + segments + body)
    raw[22:26] = _crc(raw).to_bytes(4, "little")
    return bytes(raw)


def opus():
    tag = b"ARTIST=CANARY-speaker"
    tags = b"OpusTags" + struct.pack("<I", 3) + b"lib" + struct.pack("<II", 1, len(tag)) + tag
    head = b"OpusHead\1\1" + bytes(9)
    return page(0, head, 2) + page(1, tags) + page(2, bytes(300), 4)
