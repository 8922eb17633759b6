"""Which words does a text consist of, so that a question and a rule meet?"""

import functools
import re
import unicodedata
from collections.abc import Iterable

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_stemmer = snowballstemmer.stemmer("portuguese")

# Words that say nothing about the subject of a question, without accents.
STOPWORDS = frozenset(
    """
    a o as os um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para pra pro pras pros com
    sem sob sobre ate e ou mas que se como quando onde quem qual quais quanto quanta quantos quantas cujo eu tu ele
    ela nos vos eles elas voce voces vc vcs me te lhe lhes meu minha meus minhas seu sua seus suas nosso nossa dele
    dela este esta isto esse essa isso aquele aquela aquilo ser sou e sao era foi estar estou esta estao ter tem tenho
    tinha haver ha fazer faz fazem faco posso pode podem poder quero queria gostaria preciso precisa vou vai vao ir ja
    nao sim muito muita mais menos bem mal aqui ali la tambem so ainda agora hoje oi ola bom boa dia tarde noite
    obrigado obrigada por favor ai ne gente saber sabe algum alguma alguns algumas nenhum nenhuma tudo todo toda
    todos todas coisa voces dizer diga me informar ao aos lhe the is are do you what how
    """.split()
)  # fmt: skip


def plain(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def words(text: str) -> list[str]:
    """The words of a text that say something, in lower case."""
    return [word for word in _WORD.findall(unicodedata.normalize("NFC", text.lower())) if _tells(word)]


@functools.lru_cache(maxsize=50_000)
def _tells(word: str) -> bool:
    return plain(word) not in STOPWORDS


def stems(word: str) -> tuple[str, str]:
    """The word's stem, and the stem of the word without accents; people type both."""
    bare = plain(word)
    return plain(_stemmer.stemWord(word)), plain(_stemmer.stemWord(bare))


def grams(word: str, size: int = 4) -> set[str]:
    """Every run of four letters, with the word's ends marked: what two spellings of a word share."""
    marked = f"_{plain(word)}_"
    return {marked[start : start + size] for start in range(max(1, len(marked) - size + 1))}


def search_terms(texts: Iterable[str]) -> str:
    """A text's terms for the database's index: stems as `s…`, four-letter runs as `g…`."""
    found: set[str] = set()
    for word in {word for text in texts for word in words(text)}:
        found.update(_terms(word))
    return " ".join(sorted(found))


@functools.lru_cache(maxsize=50_000)
def _terms(word: str) -> frozenset[str]:
    """One word's terms; a shop's words come again in every rule and every document."""
    runs = {"g" + gram.replace("_", "0") for gram in grams(word)}
    return frozenset({*(f"s{stem}" for stem in stems(word)), *runs})
