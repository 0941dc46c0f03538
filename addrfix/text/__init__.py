"""Characters: width, script, numerals, pinyin, mojibake, offsets. Knows no addresses."""
