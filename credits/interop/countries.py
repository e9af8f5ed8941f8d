"""Countries and regions by ISO 3166-1 code, in the reader's language, from the Unicode CLDR as Babel carries it."""

from functools import lru_cache

from babel import Locale

NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
OURS = {  # as documents here write them
    "zh": {"CN": "中国内地", "HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"},
    "en": {"CN": "Mainland China", "HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Taiwan, China"},
}


@lru_cache(maxsize=4)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name), the mainland first, then by name."""
    short = "en" if language.startswith("en") else "zh"
    named = dict(Locale.parse("en" if short == "en" else "zh_Hans").territories)
    found: dict[str, str] = {
        code: OURS[short].get(code) or str(name)
        for code, name in named.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    return tuple(sorted(found.items(), key=lambda pair: (pair[0] != "CN", pair[1])))


def is_country(code: str) -> bool:
    """True for the code of a country or region."""
    return code in dict(countries("en"))


def name_of(code: str, language: str) -> str:
    """Return the name of a country or region; the code when nobody knows it."""
    return dict(countries(language)).get(code, code)
