"""Characters that the letters' typeface does not have, from a larger font that the sender names."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pikepdf
import polars as pl
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from letter_samples import AS_OF, SENDER, case, cases, facts, picks, sender, template

from addrfix.dispatch.folder import read_json
from addrfix.flow.letters import make_batch
from addrfix.flow.verify import verify_batch
from addrfix.letters.compose import Composer
from addrfix.letters.facts import LetterFacts
from addrfix.letters.readback import ReadPdf, missing_from
from addrfix.letters.sender import read_sender
from addrfix.model.errors import BadSettings, LetterProblem

# In Unihan, and not in Noto Serif SC; the first two are used in names.
RARE = "𠮷𡈽𡚴"


def tiny_font(path: Path, chars: str) -> Path:
    """A font that draws each of the characters as a bar of its own height, 900 wide."""
    names = [".notdef", *(f"u{ord(char):05X}" for char in chars)]
    glyphs = {}
    for number, name in enumerate(names):
        pen = TTGlyphPen(None)
        top = 200 * number
        for move, point in (
            (pen.moveTo, (0, 0)), (pen.lineTo, (0, top)), (pen.lineTo, (800, top)),
            (pen.lineTo, (800, 0)),
        ):  # fmt: skip
            move(point)
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):05X}" for char in chars})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Tiny", "styleName": "Regular", "psName": "Tiny-Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def composer(*fonts: Path) -> Composer:
    return Composer(template(), replace(sender(), larger_fonts=fonts), AS_OF)


def named(name: str) -> LetterFacts:
    return facts(recipient=name, debtor=name, contract_no=f"{name}-1")


def drawn(made: Composer, letter: LetterFacts) -> bytes:
    return made.single(made.pages(made.draft(letter)), letter.letter_no)


def test_characters_come_from_the_larger_font_and_copy_out_right(tmp_path: Path) -> None:
    made = composer(tiny_font(tmp_path / "tiny.ttf", RARE))
    assert made.missing(f"{RARE}吉") is None
    letter = named(f"吉{RARE}")
    content = drawn(made, letter)
    with pypdfium2.PdfDocument(content) as document:
        assert document[0].get_textpage().get_text_range().count(f"吉{RARE}") >= 3
    with ReadPdf(content) as read:
        assert missing_from(read, letter, "样张", len(read)) is None
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        assert sorted(fonts) == ["/B0", "/R0", "/R1", "/R2"]
        larger = fonts["/R2"]
        assert str(larger.BaseFont).endswith("+Tiny-Regular")
        table = larger.ToUnicode.read_bytes().decode("ascii")
        assert "<D842DFB7>" in table
        assert "3 beginbfchar" in table
        assert [int(width) for width in larger.DescendantFonts[0].W[1]] == [900]


def test_the_shape_of_the_larger_font_is_on_the_page(tmp_path: Path) -> None:
    made = composer(tiny_font(tmp_path / "tiny.ttf", RARE))

    def ink(name: str) -> int:
        with pypdfium2.PdfDocument(drawn(made, facts(recipient=name, debtor=name))) as document:
            # The recipient's line in the window.
            box = (60, 842 - 190, 595 - 330, 130)
            image = document[0].render(scale=2, grayscale=True, crop=box).to_pil()
        return sum(
            image.convert("L").point([255 * (v < 128) for v in range(256)]).histogram()[255:]
        )

    # The bars are 200, 400 and 600 thousandths of an em high.
    assert ink("𠮷") < ink("𡈽") < ink("𡚴")


def test_the_typeface_itself_comes_first_and_then_the_fonts_in_turn(tmp_path: Path) -> None:
    first = tiny_font(tmp_path / "first.ttf", "𠮷吉")
    second = tiny_font(tmp_path / "second.ttf", RARE)
    content = drawn(composer(first, second), named("吉𠮷𡚴"))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        tables = {name: fonts[name].ToUnicode.read_bytes() for name in ("/R2", "/R3")}
    assert b"<D842DFB7>" in tables["/R2"]
    assert b"<5409>" not in tables["/R2"] + tables["/R3"]
    assert b"<D842DFB7>" not in tables["/R3"]
    assert b"<D845DEB4>" in tables["/R3"]


def test_letters_that_do_not_need_it_are_the_same_without_it(tmp_path: Path) -> None:
    made = composer(tiny_font(tmp_path / "tiny.ttf", RARE))
    assert drawn(made, facts()) == drawn(composer(), facts())


def own_sender(folder: Path, line: str) -> Path:
    """The example's sender file with one more line under [letter]."""
    folder.mkdir()
    shutil.copy(SENDER.with_name("seal.png"), folder)
    text = SENDER.read_text(encoding="utf-8").replace("[letter]\n", f"[letter]\n{line}\n")
    path = folder / "sender.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_batch_with_the_font_prints_what_one_without_it_holds(tmp_path: Path) -> None:
    frame = cases(case(1, name="田𠮷"), case(2))
    secret = tmp_path / "team.key"
    secret.write_bytes(b"a secret of the tests only")
    written = own_sender(tmp_path / "own", 'larger_fonts = ["tiny.ttf"]')
    tiny_font(written.with_name("tiny.ttf"), RARE)
    summaries = [
        make_batch(
            picks(frame), frame, template="lawyer_letter", sender=path, out=tmp_path / name,
            as_of=AS_OF, secret=secret, progress=False,
        )
        for name, path in (("without", SENDER), ("with", written))
    ]  # fmt: skip
    assert [summary.letters for summary in summaries] == [1, 2]
    # Told with the character, its code point and the field.
    held = (tmp_path / "without" / "held.csv").read_text(encoding="utf-8-sig")
    assert "character_without_glyph:U+20BB7:recipient" in held
    assert verify_batch(tmp_path / "with", progress=False).differences == []
    assert "tiny.ttf" in read_json(tmp_path / "with" / "batch.json")["fonts"]
    manifest = pl.read_parquet(tmp_path / "with" / "manifest.parquet")
    assert manifest["recipient"].to_list() == ["田𠮷", "王小满"]


def test_the_font_is_part_of_the_sender(tmp_path: Path) -> None:
    written = own_sender(tmp_path / "own", 'larger_fonts = ["tiny.ttf"]')
    hashes = set()
    for chars in ("𠮷", RARE):
        tiny_font(written.with_name("tiny.ttf"), chars)
        hashes.add(read_sender(written).sha256)
    assert len(hashes) == 2


def test_a_font_that_is_not_there_or_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"no file tiny\.ttf beside sender\.toml"):
        read_sender(own_sender(tmp_path / "own", 'larger_fonts = ["tiny.ttf"]'))
    (tmp_path / "own" / "tiny.ttf").write_bytes(b"no font")
    with pytest.raises(LetterProblem, match=r"tiny\.ttf is not a TrueType font"):
        Composer(template(), read_sender(tmp_path / "own" / "sender.toml"), AS_OF)
