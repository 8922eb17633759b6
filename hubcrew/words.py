"""Which words does a text consist of, so that a question and a rule meet?"""

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import snowballstemmer

from hubcrew.vocabulary import ABBREVIATIONS, COMMON, GROUPS, STOPWORDS

_WORD = re.compile(r"[^\W_]+")
_MONEY = re.compile(r"r\$")
_TIMES = re.compile(r"\b(\d+)x\b")
_HOURS = re.compile(r"\b(\d{1,2})h(\d\d)?\b")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
# "recadinho", "balãozinho", "precinho", "branquinho".
_DIMINUTIVE = re.compile(r"(....+?)z?inh([oa])(s?)$")
_stemmer = snowballstemmer.stemmer("portuguese")
# Stands for the vocabulary and for this file's rules: what was indexed with another one is indexed again.
EDITION = hashlib.blake2b(
    b"1" + repr((sorted(ABBREVIATIONS.items()), sorted(STOPWORDS), sorted(COMMON), GROUPS)).encode(), digest_size=8
).hexdigest()
# People leave accents out; the stemmer knows these endings only with them.
_ENDINGS = (
    ("coes", "ções"), ("cao", "ção"), ("soes", "sões"), ("avel", "ável"), ("aveis", "áveis"), ("ivel", "ível"),
    ("iveis", "íveis"), ("encia", "ência"), ("ancia", "ância"), ("encias", "ências"), ("ancias", "âncias"),
)  # fmt: skip


def plain(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def tokens(text: str) -> list[str]:
    """Every word of a text, plain, abbreviations written out: "qto custa" and "Quanto custa" are the same."""
    bare = _HOURS.sub(r"\1 hora", _TIMES.sub(r"\1 x", _MONEY.sub(" reais ", plain(text))))
    found = []
    for word in _WORD.findall(_DRAWN_OUT.sub(r"\1", bare)):
        found += ABBREVIATIONS.get(word, word).split("_")
    return found


def words(text: str) -> list[str]:
    """The words of a text that say something."""
    return [word for word in tokens(text) if word not in STOPWORDS]


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a plain word share."""
    if word.isdigit():
        return word
    word = _DIMINUTIVE.sub(r"\1\2\3", word)
    for bare, accented in _ENDINGS:
        if word.endswith(bare):
            word = word[: -len(bare)] + accented
            break
    return plain(_stemmer.stemWord(word))


@functools.lru_cache(maxsize=100_000)
def grams(word: str, size: int = 3) -> frozenset[str]:
    """Every run of letters, with the word's ends marked: what two spellings of a word share."""
    marked = f"_{word}_"
    return frozenset(marked[start : start + size] for start in range(max(1, len(marked) - size + 1)))


class Term(NamedTuple):
    """Something that a text speaks of: a word by its stem, and the groups that it belongs to where it stands."""

    word: str
    stem: str
    groups: frozenset[str]
    common: bool = False


def terms(text: str) -> list[Term]:
    """What a text speaks of, each once, in its order; a phrase that has a group is one term."""
    found: dict[str, Term] = {}
    for term in _terms(tokens(text)):
        known = found.get(term.stem)
        found[term.stem] = term if known is None else term._replace(groups=term.groups | known.groups)
    return list(found.values())


def _terms(all_words: Sequence[str]) -> Iterator[Term]:
    place = 0
    while place < len(all_words):
        length, groups = _phrase_at(all_words, place)
        if length > 1:
            phrase = "".join(all_words[place : place + length])
            inner = [word for word in all_words[place : place + length] if word not in STOPWORDS and word not in COMMON]
            yield from (Term(word, stem(word), groups) for word in inner[-1:])
            if not inner:
                yield Term(phrase, phrase, groups)
        elif all_words[place] not in STOPWORDS:
            word = all_words[place]
            yield Term(word, stem(word), groups, word in COMMON)
        place += max(1, length)


def _phrase_at(all_words: Sequence[str], place: int) -> tuple[int, frozenset[str]]:
    """The longest phrase or word here that belongs to groups: how many words it has, and which groups."""
    for phrase, groups in _PHRASES.get(_kind(all_words[place]), ()):
        if tuple(_kind(word) for word in all_words[place : place + len(phrase)]) == phrase:
            return len(phrase), groups
    return 1, _groups_of(all_words[place])


@functools.lru_cache(maxsize=50_000)
def _groups_of(word: str) -> frozenset[str]:
    return _SINGLE.get(stem(word), frozenset())


def _kind(word: str) -> str:
    return "#" if word.isdigit() else word


def _members() -> dict[tuple[str, ...], frozenset[str]]:
    """Each word and phrase of a group, with all groups that it is in; a word stands for all its forms."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, members in GROUPS.items():
        for member in members.split():
            parts = tuple(member.split("_"))
            found.setdefault(parts if len(parts) > 1 else (stem(member),), set()).add(name)
    return {parts: frozenset(names) for parts, names in found.items()}


_SINGLE = {parts[0]: groups for parts, groups in _members().items() if len(parts) == 1}
# By their first word, the longest first.
_PHRASES: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
for _parts, _names in sorted(_members().items(), key=lambda each: -len(each[0])):
    if len(_parts) > 1:
        _PHRASES.setdefault(_parts[0], []).append((_parts, _names))


def search_terms(title: str, text: str) -> str:
    """A text's terms for the database's index, and all that the ranking knows of it.

    Stems as `s…`, meanings as `m…`, three-letter runs as `g…`; the title's stems and meanings also as `ts…`, `tm…`.
    """
    found: set[str] = set()
    for term in terms(title):
        found.update([f"s{term.stem}", f"ts{term.stem}"], *((f"m{each}", f"tm{each}") for each in term.groups))
        found.update(runs(term.word))
    for term in terms(text):
        found.update([f"s{term.stem}"], (f"m{each}" for each in term.groups), runs(term.word))
    return " ".join(sorted(found))


@functools.lru_cache(maxsize=50_000)
def runs(word: str) -> tuple[str, ...]:
    """A word's runs of letters as terms of the index."""
    return () if word.isdigit() else tuple("g" + gram.replace("_", "0") for gram in grams(word))
