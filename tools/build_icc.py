"""Makes ``report_gen/render/pdf/srgb.icc``, the sRGB profile of the PDF's output intent, with LittleCMS through Pillow.

    python tools/build_icc.py

The profile's date is fixed, so that every build gives the same bytes.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import ImageCms

OUT = Path(__file__).resolve().parent.parent / "report_gen" / "render" / "pdf" / "srgb.icc"
DATE = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
"""Bytes 24 to 35 of the header (ICC.1, 7.2.8)."""


def main() -> None:
    """Write the profile."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = DATE
    data[84:100] = bytes(16)  # profile id: zero means not computed
    OUT.write_bytes(bytes(data))
    print(OUT.name, len(data), "bytes")


if __name__ == "__main__":
    main()
