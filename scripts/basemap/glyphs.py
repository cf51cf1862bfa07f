"""Glyphs for clients that draw no text of their own fonts: Noto Sans -> data/style/glyphs/{font}/{range}.pbf.

One command, from the repository's root, with Debian's fonts-noto-core installed:

    scripts/basemap/build.sh glyphs

Each glyph is a signed distance field as MapLibre reads it: 24 px to the em, 3 px of margin, 192 is the outline and one
pixel is 255 / 8 = 32 steps. Only the letters that maps of Russia need are taken: the whole fonts would weigh 30 MB.
"""

from pathlib import Path

import freetype
import numpy as np
from scipy.ndimage import distance_transform_edt

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "data" / "style" / "glyphs"
FONTS = Path("/usr/share/fonts/truetype/noto")

SIZE, MARGIN, RADIUS, CUTOFF = 24, 3, 8, 0.25
FINE = 8  # the outline is drawn so many times larger, and distances are taken there

LATIN, LATIN_MORE, CYRILLIC = range(0x20, 0x100), [*range(0x100, 0x180), *range(0x218, 0x21C), 0x259], range(0x400, 0x530)
SIGNS = [0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x202F,
         0x2030, 0x20AC, 0x20BD, 0x2116, 0x2122]
WANTED = {
    "Noto Sans Regular": ("NotoSans-Regular.ttf", [*LATIN, *LATIN_MORE, *CYRILLIC, *SIGNS]),
    "Noto Sans Bold": ("NotoSans-Bold.ttf", [*LATIN, *LATIN_MORE, *CYRILLIC, *SIGNS]),
    "Noto Sans Italic": ("NotoSans-Italic.ttf", [*LATIN, *LATIN_MORE, *range(0x400, 0x460), *SIGNS]),
}


def varint(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out + bytes([n]))


def number(field, n):
    return varint(field << 3) + varint(n)


def signed(field, n):
    return number(field, (n << 1) ^ (n >> 31))


def content(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def glyph(face, code):
    face.set_pixel_sizes(0, SIZE)
    ascender = face.size.ascender >> 6
    face.load_char(chr(code), freetype.FT_LOAD_NO_HINTING)
    advance = round(face.glyph.linearHoriAdvance / 65536)
    face.set_pixel_sizes(0, SIZE * FINE)
    face.load_char(chr(code), freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_RENDER)
    drawn, left, top = face.glyph.bitmap, face.glyph.bitmap_left, face.glyph.bitmap_top
    message = number(1, code)
    if drawn.width == 0:
        return message + number(3, 0) + number(4, 0) + signed(5, 0) + signed(6, 0) + number(7, advance)
    inside = np.array(drawn.buffer, dtype=np.uint8).reshape(drawn.rows, drawn.pitch)[:, : drawn.width] >= 128
    # Onto the coarse grid: its first column and row are whole pixels.
    left_px, top_px = left // FINE, -(-top // FINE)
    before_x, before_y = left - left_px * FINE, top_px * FINE - top
    width, height = -(-(before_x + drawn.width) // FINE), -(-(before_y + drawn.rows) // FINE)
    fine = np.zeros(((height + 2 * MARGIN) * FINE, (width + 2 * MARGIN) * FINE), dtype=bool)
    y, x = MARGIN * FINE + before_y, MARGIN * FINE + before_x
    fine[y : y + drawn.rows, x : x + drawn.width] = inside
    distance = np.where(fine, 0.5 - distance_transform_edt(fine), distance_transform_edt(~fine) - 0.5) / FINE
    # The middle of a coarse pixel lies between four fine ones.
    a, b = slice(FINE // 2 - 1, None, FINE), slice(FINE // 2, None, FINE)
    middle = (distance[a, a] + distance[a, b] + distance[b, a] + distance[b, b]) / 4
    field = np.clip(np.round(255 - 255 * (middle / RADIUS + CUTOFF)), 0, 255).astype(np.uint8)
    return (message + content(2, field.tobytes()) + number(3, width) + number(4, height)
            + signed(5, left_px) + signed(6, top_px - ascender) + number(7, advance))


def main():
    total = 0
    for name, (file, codes) in WANTED.items():
        face = freetype.Face(str(FONTS / file))
        ranges = {}
        for code in sorted(codes):
            if face.get_char_index(chr(code)):
                ranges.setdefault(code // 256 * 256, []).append(code)
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        for first, members in ranges.items():
            span = f"{first}-{first + 255}"
            stack = content(1, name.encode()) + content(2, span.encode())
            stack += b"".join(content(3, glyph(face, code)) for code in members)
            data = content(1, stack)
            (folder / f"{span}.pbf").write_bytes(data)
            total += len(data)
    print(f"{OUT.relative_to(ROOT)}: {total:,} bytes")


if __name__ == "__main__":
    main()
