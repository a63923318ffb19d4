"""Cuts the punctuation marks out of BIZ UDGothic and what BIZ UDPGothic lacks out of Noto Sans JP; see README.md."""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

PUNCTUATION = "、。，．・：；「」『』（）【】〔〕〈〉《》［］｛｝〖〗"
HERE = pathlib.Path(__file__).parent


def cut(source, name, characters, features):
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE"]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(HERE / name)


def main(folder):
    for folder_name, name in (("400Regular", "Regular"), ("700Bold", "Bold")):
        (proportional,) = folder.glob(f"**/{folder_name}/BIZUDPGothic_{folder_name}.ttf")
        (full_width,) = folder.glob(f"**/{folder_name}/BIZUDGothic_{folder_name}.ttf")
        (rare,) = folder.glob(f"**/{folder_name}/NotoSansJP_{folder_name}.ttf")
        lacking = set(TTFont(rare).getBestCmap()) - set(TTFont(proportional).getBestCmap())
        cut(full_width, f"BIZUDGothic-{name}.ttf", map(ord, PUNCTUATION), [])
        cut(rare, f"NotoSansJP-{name}.ttf", lacking, ["ccmp", "locl", "mark", "mkmk"])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
