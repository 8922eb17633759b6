"""Which words does a text consist of, so that a question and a rule meet?"""

import functools
import hashlib
import re
import unicodedata
from typing import NamedTuple

import snowballstemmer

from hubcrew.meanings import GROUPS
from hubcrew.vocabulary import ABBREVIATIONS, COMMON, STOPWORDS

_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
# "3x", "30kg": a figure and its unit are two words.
_UNIT = re.compile(r"\b(\d+)(x|kg|g|ml|l|mm|cm|m|km)\b")
_HOURS = re.compile(r"\b(\d{1,2})h(\d\d)?\b")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
# "recadinho", "balãozinho", "precinho", "branquinho".
_DIMINUTIVE = re.compile(r"(....+?)z?inh([oa])(s?)$")
# "cartão", "cartões", "pães": the stemmer makes three words of them; it knows those in "-ção" and "-são".
_NASAL = re.compile(r"(?<=..[^acs])(?:ao|oes|aes)$|(?<=^p)(?:ao|aes)$")
# "spinning" and "spining", "cappuccino": Portuguese doubles only "r" and "s", and people forget what is foreign.
_DOUBLED = re.compile(r"([bcdfgklmnptvz])\1")
_stemmer = snowballstemmer.stemmer("portuguese")
# Stands for the vocabulary and for this file's rules: what was indexed with another one is indexed again.
EDITION = hashlib.blake2b(
    b"4" + repr((sorted(ABBREVIATIONS.items()), sorted(STOPWORDS), sorted(COMMON), GROUPS)).encode(), digest_size=8
).hexdigest()
# Words of another meaning than those that they would share a stem with, each with its forms: "marca" and "marcar",
# "bebida" and "bebê", "mesa" and "mês", "sala" and "sale".
_APART = """
    marca/marcas medico/medicos/medica quarto/quartos livro/livros pelos segundo cobre/cobrem massagem/massagens
    area/areas acompanhante/acompanhantes anel/aneis banhado/banhada banheira/banheiras bateria/baterias
    bebida/bebidas bola/bolas bolso/bolsos bota/botas brinco/brincos cadeirante/cadeirantes calcado/calcados
    calcinha/calcinhas camera/cameras casal/casais casar chapeu/chapeus coco/cocos colar/colares contrato/contratos
    copia/copias copo/copos correio/correios descartavel/descartaveis dieta/dietas empregada/empregadas
    esgoto/esgotos especie extra/extras faca/facas fecho/fechos ferias file/files fio/fios fixo/fixa/fixos/fixas
    fones funcionario/funcionaria/funcionarios/funcionarias gel gravida/gravidas lancha/lanchas lata/latas led/leds
    luta/lutas malha/malhas manual/manuais maquininha/maquininhas meia/meias mesa/mesas mini mola/molas
    musculo/musculos parte/partes pe/pes pincel/pinceis placa/placas prato/pratos prova/provas quadro/quadros
    quentinha/quentinhas refrigerado/refrigerada renda/rendas saia/saias sal sala/salas salada/saladas
    segurado/segurada seguro/segura/seguros/seguras sobrinho/sobrinha/sobrinhos/sobrinhas sola/solas taxi/taxis
    tinto tomada/tomadas torto/tortos trabalhista/trabalhistas vela/velas video/videos
"""
APART = {form: forms[0] for forms in (each.split("/") for each in _APART.split()) for form in forms}
# People leave accents out; the stemmer knows these endings only with them.
_ACCENTED = {
    "coes": "ção", "cao": "ção", "soes": "são", "avel": "ável", "aveis": "áveis", "ivel": "ível", "iveis": "íveis",
    "encia": "ência", "ancia": "ância", "encias": "ências", "ancias": "âncias",
}  # fmt: skip
_ENDING = re.compile(f"(?:{'|'.join(_ACCENTED)})$")


def plain(text: str) -> str:
    """Lower case, without accents."""
    return text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))


def tokens(text: str) -> list[str]:
    """Every word of a text, plain, abbreviations written out: "qto custa" and "Quanto custa" are the same."""
    bare = _HOURS.sub(r"\1 hora", _UNIT.sub(r"\1 \2", plain(text).replace("r$", " reais ")))
    return [word for each in _WORD.findall(bare) for word in _written_out(each)]


@functools.lru_cache(maxsize=50_000)
def _written_out(word: str) -> tuple[str, ...]:
    short = _DRAWN_OUT.sub(r"\1", word)
    return tuple(ABBREVIATIONS.get(short, short).split("_"))


def words(text: str) -> list[str]:
    """The words of a text that say something."""
    return [word for word in tokens(text) if word not in STOPWORDS]


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a plain word share."""
    if word.isdigit() or word in APART:
        return APART.get(word, word)
    if _NASAL.search(word):
        return _NASAL.sub("ao", word)
    word = _DOUBLED.sub(r"\1", _DIMINUTIVE.sub(r"\1\2\3", word))
    word = _ENDING.sub(lambda found: _ACCENTED[found[0]], word)
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
    said = tokens(_CLOCK.sub("oclock", text))
    kinds = tuple(["#" if word.isdigit() else word for word in said])
    found: dict[str, Term] = {}
    place = 0
    while place < len(said):
        begins = kinds[place : place + 2] in _PHRASES
        length, term = _term_at(said, kinds, place) if begins else (1, _single_term(said[place]))
        place += length
        if term is not None:
            known = found.setdefault(term.stem, term)
            if known is not term and not term.groups <= known.groups:
                found[term.stem] = term._replace(groups=term.groups | known.groups)
    return list(found.values())


def _term_at(said: list[str], kinds: tuple[str, ...], place: int) -> tuple[int, Term | None]:
    """The phrase or the word here, and how many words it has."""
    phrase, groups = _phrase_at(kinds, place)
    if not phrase:
        return 1, _single_term(said[place])
    return len(phrase), _phrase_term(tuple(said[place : place + len(phrase)]), groups)


def _phrase_at(kinds: tuple[str, ...], place: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """The longest phrase here that belongs to groups, and which groups."""
    for phrase, groups in _PHRASES[kinds[place : place + 2]]:
        if kinds[place : place + len(phrase)] == phrase:
            return phrase, groups
    return (), frozenset()


@functools.lru_cache(maxsize=10_000)
def _phrase_term(phrase: tuple[str, ...], groups: frozenset[str]) -> Term:
    """A phrase that means something stands for itself: "parar o carro" is about no car."""
    whole = "".join(phrase)
    return Term(whole, whole, groups)


@functools.lru_cache(maxsize=50_000)
def _single_term(word: str) -> Term | None:
    """A word by itself; None for one that says nothing."""
    if word in STOPWORDS:
        return None
    return Term(word, stem(word), _SINGLE.get(stem(word), frozenset()), word in COMMON)


def _members() -> dict[tuple[str, ...], frozenset[str]]:
    """Each word and phrase of a group, with all groups that it is in; a word stands for all its forms."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, members in GROUPS.items():
        for member in members.split():
            parts = tuple(member.split("_"))
            found.setdefault(parts if len(parts) > 1 else (stem(member),), set()).add(name)
    return {parts: frozenset(names) for parts, names in found.items()}


_SINGLE = {parts[0]: groups for parts, groups in _members().items() if len(parts) == 1}
# By their first two words, the longest first.
_PHRASES: dict[tuple[str, ...], list[tuple[tuple[str, ...], frozenset[str]]]] = {}
for _parts, _names in sorted(_members().items(), key=lambda each: -len(each[0])):
    if len(_parts) > 1:
        _PHRASES.setdefault(_parts[:2], []).append((_parts, _names))


def search_terms(title: str, text: str) -> str:
    """A text's terms for the database's index, and all that the ranking knows of it.

    Stems as `s…`, meanings as `m…`; the title's also as `ts…`, `tm…`.
    """
    found: set[str] = set()
    for term in terms(title):
        found.update(indexed(term), (f"t{each}" for each in indexed(term)))
    for term in terms(text):
        found.update(indexed(term))
    return " ".join(sorted(found))


@functools.lru_cache(maxsize=50_000)
def indexed(term: Term) -> tuple[str, ...]:
    """A term as the index has it: its stem and its meanings."""
    return (f"s{term.stem}", *(f"m{group}" for group in term.groups))
