"""In which language does a customer write, so that what we say ourselves is said in it? Portuguese, Spanish, English.

The texts are gettext's like all others. A rule's own text is said as the shop wrote it.
"""

import contextlib
import functools
import gettext
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from hubcrew.words import plain

LANGUAGES = {"pt": "pt_BR", "es": "es", "en": "en"}
# Words that one of the three has and the others have not, as customers use them; without accents.
_TELLING = {
    "pt": """
        voces voce vcs vc nao tem tao obrigado obrigada bom boa oi ola qual quais quanto quanta qto como onde quando
        meu minha meus minhas seu sua eu ele ela ja sao estao esta fica ficam entrega entregam aceita aceitam loja
        hoje amanha agora ta aberto aberta abrem preco pedido fazem faz um uma do da dos das no na pelo pela pra com sem
        ate tambem ainda
    """,
    "es": """
        hola usted ustedes tienen tiene tengo quiero puedo puede cuanto cuanta cuantos cuesta donde cuando cual cuales
        como gracias buenos buenas dias tardes noches envio envios hacen hay abierto abierta abren cierran tienda
        pedido el los las un una del al por favor mi su y con sin hoy manana tarjeta pagar precio necesito
    """,
    "en": """
        the do does you your is are can could i my me it we what which when where how much many hello hi thanks thank
        please have has there open close closed store shop shipping delivery price order today tomorrow want need
        accept pay card with for of in on at an good morning evening afternoon
    """,
}
_OF = {language: frozenset(words.split()) for language, words in _TELLING.items()}
_WORD = re.compile(r"[^\W\d_]+")
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def language_of(text: str) -> str:
    """pt, es or en; "" where the words do not tell, or tell of two alike."""
    words = _WORD.findall(plain(text))
    counted = sorted(((sum(word in own for word in words), name) for name, own in _OF.items()), reverse=True)
    (most, best), (second, _other), _third = counted
    return best if most > second else ""


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said here in this language; "" leaves it as it is, the server's own to begin with."""
    token = _spoken.set(language or _spoken.get())
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken now; "" while it is the server's own."""
    return _spoken.get()


def said(text: str) -> str:
    """The text for a customer, in the language that is spoken now. Modules name it `_`, as gettext's own."""
    return _translation(_spoken.get())(text)


@functools.lru_cache(maxsize=8)
def _translation(language: str) -> Callable[[str], str]:
    if not language:
        return gettext.gettext
    domain = gettext.textdomain()
    found = gettext.translation(domain, gettext.bindtextdomain(domain), [LANGUAGES[language]], fallback=True)
    return found.gettext
