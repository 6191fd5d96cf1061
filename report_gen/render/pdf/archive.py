"""The parts that make the file an archival one: metadata for machines, output intent, attached source data.

The metadata claim PDF/A-3 level A (ISO 19005-3) and PDF/UA-1 (ISO 14289-1); tests hold the claim with checkers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from report_gen.errors import AssetError
from report_gen.render.pdf.reportlab_private import Stamp, add_catalog_entries, add_object

__all__ = ["Description", "EmbeddedFile", "add_attachments", "add_description"]

_PROFILE = Path(__file__).parent / "srgb.icc"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{author}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{created}</xmp:ModifyDate>
<xmp:MetadataDate>{created}</xmp:MetadataDate>
<pdf:Producer>{author}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Description:
    """The metadata of a document; no patient's data."""

    title: str
    """Title."""
    subject: str
    """What kind of document it is."""
    author: str
    """Program that made it."""
    language: str
    """Language of the text, such as `en-US`."""
    stamp_at: datetime
    """The document's own time."""


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file that travels inside the PDF as the source of what the pages say."""

    name: str
    """File name."""
    data: bytes
    """Content."""
    description: str
    """What it is."""


def add_description(canvas: Canvas, description: Description) -> None:
    """Metadata and output intent into the catalog.

    Raises:
        AssetError: The colour profile is missing.
    """
    try:
        profile = _PROFILE.read_bytes()
    except OSError as error:
        raise AssetError("assets.profile", "the colour profile is missing; install report_gen again") from error
    stream = pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary({"N": 3}), filters=[pdfdoc.PDFZCompress])
    stream.content = profile
    intent = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": add_object(canvas, stream, "output-profile"),
        }
    )
    packet = _XMP.format(
        title=escape(description.title, quote=False),
        subject=escape(description.subject, quote=False),
        author=escape(description.author, quote=False),
        language=escape(description.language, quote=False),
        created=description.stamp_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    ).encode()
    add_catalog_entries(
        canvas, {"Metadata": pdfdoc.XMP(creator=lambda _: packet), "OutputIntents": pdfdoc.PDFArray([intent])}
    )


def add_attachments(canvas: Canvas, attachments: tuple[EmbeddedFile, ...], stamp_at: datetime) -> None:
    """Files as associated files with the relationship Source (ISO 19005-3 6.8), none when there are none."""
    if not attachments:
        return
    specifications: list[Any] = []
    names: list[Any] = []
    for number, attachment in enumerate(sorted(attachments, key=lambda attachment: attachment.name)):
        reference = add_object(canvas, _specification(canvas, attachment, number, stamp_at), f"attached-{number}")
        specifications.append(reference)
        names += [pdfdoc.PDFString(attachment.name), reference]
    tree = pdfdoc.PDFDictionary({"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray(names)})})
    add_catalog_entries(canvas, {"AF": pdfdoc.PDFArray(specifications), "Names": tree})


def _specification(canvas: Canvas, attachment: EmbeddedFile, number: int, stamp_at: datetime) -> Any:
    stream = pdfdoc.PDFStream(
        dictionary=pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("EmbeddedFile"),
                "Subtype": b"/application#2Fjson",
                "Params": pdfdoc.PDFDictionary(
                    {
                        "Size": len(attachment.data),
                        "ModDate": pdfdoc.PDFDate(ts=Stamp(stamp_at)),
                        "CheckSum": f"<{hashlib.md5(attachment.data, usedforsecurity=False).hexdigest()}>".encode(),
                    }
                ),
            }
        ),
        filters=[pdfdoc.PDFZCompress],
    )
    stream.content = attachment.data
    data = add_object(canvas, stream, f"attached-data-{number}")
    files: Mapping[str, Any] = {"F": data, "UF": data}
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": pdfdoc.PDFString(attachment.name),
            "UF": pdfdoc.PDFString(attachment.name),
            "Desc": pdfdoc.PDFString(attachment.description),
            "AFRelationship": pdfdoc.PDFName("Source"),
            "EF": pdfdoc.PDFDictionary(dict(files)),
        }
    )
