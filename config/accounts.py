"""Whose is it? The accounts (tenants) that this server serves, and what outside systems call them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """One tenant: our name for it, and its number in Chatwoot (None: not set)."""

    id: str
    chatwoot_account: int | None = None


def of_chatwoot(accounts: Iterable[Account], number: int | None) -> Account | None:
    """The account that Chatwoot calls by this number; None when no account is known by it.

    An event without a number (conversations and typing, before Chatwoot 4.14.2) belongs to the only account there is,
    and so does every event while that account's number is not set.
    """
    known = list(accounts)
    if len(known) == 1 and (number is None or known[0].chatwoot_account is None):
        return known[0]
    return next((each for each in known if number is not None and each.chatwoot_account == number), None)
