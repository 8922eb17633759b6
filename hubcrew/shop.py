"""What has an account set for its crews? Plain values, handed in by whoever reads the configuration."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from hubcrew.words import stem, tokens

# A question is asked in so many wordings at the most, its own first.
MOST_VARIANTS = 6


class Shop(NamedTuple):
    """One account's own. `crews` changes crews or adds some; `special_numbers` are telephones with their crew.

    `synonyms` are sets of words that this shop's customers use for the same thing; `llm`: a model may word replies.
    `opening` are lines of exceptions to its hours, as `opening.read_opening` reads them; `zone` is its clock's.
    """

    crews: Mapping[str, Mapping[str, Any]] = {}
    special_numbers: Mapping[str, str] = {}
    synonyms: Sequence[Sequence[str]] = ()
    opening: Sequence[str] = ()
    llm: bool = False
    zone: tzinfo | None = None


def worded_otherwise(question: str, synonyms: Sequence[Sequence[str]]) -> list[str]:
    """The question, and the same with this shop's words for the same thing in each other's place."""
    said = tokens(question)
    stems = [stem(each) for each in said]
    variants = [question]
    for same in synonyms:
        for word in same:
            meant = [stem(each) for each in tokens(word)]
            places = [at for at in range(len(stems) - len(meant) + 1) if meant and stems[at : at + len(meant)] == meant]
            variants += [
                " ".join([*said[: places[0]], *tokens(other), *said[places[0] + len(meant) :]])
                for other in same
                if places and other != word
            ]
    return list(dict.fromkeys(variants))[:MOST_VARIANTS]
