"""Which Chatwoot is an account's, and how is it reached?"""

from collections.abc import Callable
from typing import Any

from clients.contacts import Contacts
from clients.conversation import Conversation, Ours
from clients.echoes import Writes, place_in
from clients.http import Breaker, Transport
from clients.in_chatwoot import InChatwoot, spot_of
from clients.installation import Access, Installation, api_root
from clients.living import Living
from clients.once import Occasion, Outbox, account_of


class Chatwoot:
    """Every account's Chatwoot. `access_of` tells how an account reaches it, by our names of account and place.

    `reposts`: what was perhaps posted, and nobody can look up, is posted again, rather than parked for a person.
    `living` knows whether it is this copy of the server that acts there.
    """

    def __init__(
        self,
        access_of: Callable[[str, str], Access],
        outbox: Outbox,
        transport: Transport | None = None,
        *,
        reposts: bool = False,
        living: Living | None = None,
    ) -> None:
        self.living = living or Living()
        self._access_of = access_of
        self.outbox = outbox
        self.reposts = reposts
        self.writes = Writes()
        self._transport = transport
        self._breakers: dict[str, Breaker] = {}
        self._installations: dict[Access, Installation] = {}

    def of(self, event: Occasion, conversation: int | None = None, *, place: str = "") -> InChatwoot:
        """Chatwoot as this event's handler acts in it: in the event's own conversation, or in another one's number.

        `place` names one of several Chatwoots of an account, where the event is not of one.
        """
        spot = spot_of(event, conversation, place)
        account = account_of(event)
        installation, root = self.account(account, spot.place, account_number=spot.account_number, test=event.test)
        path = f"{root}/conversations/{spot.conversation}" if root else None
        ours = self._ours(account, spot.place, installation, spot.account_number, spot.conversation, event.leads_to())
        its = Conversation(self.outbox, installation, path, str(spot.conversation or ""), account, event.test, ours)
        people = Contacts(self.outbox, installation, root, account, event.test)
        return InChatwoot(event, its, people, self.living, reposts=self.reposts)

    def conversation(
        self,
        account_number: int | None,
        display_id: int,
        *,
        account: str,
        place: str = "",
        test: bool,
        cause: Any = None,
    ) -> Conversation:
        """A conversation by its number in the address of Chatwoot's pages. With `test`, nothing leaves for Chatwoot.

        What is written there is known again as what comes of the `cause`, if one is given.
        """
        installation, root = self.account(account, place, account_number=account_number, test=test)
        path = None if root is None else f"{root}/conversations/{display_id}"
        ours = self._ours(account, place, installation, account_number, display_id, cause)
        return Conversation(self.outbox, installation, path, str(display_id), account, test, ours)

    def _ours(
        self,
        account: str,
        place: str,
        installation: Installation,
        number: int | None,
        conversation: int | None,
        cause: Any,
    ) -> Ours:
        number = installation.access.number if number is None else number
        return Ours(self.writes, place_in(account, place, number, conversation or ""), cause)

    def account(
        self, account: str, place: str = "", *, account_number: int | None = None, test: bool
    ) -> tuple[Installation, str | None]:
        """Who is asked for an account, and the path of its own there; None: nothing may be sent there."""
        installation = self._installation(self._access_of(account, place))
        number = installation.access.number if account_number is None else account_number
        real = installation.access.can_post and number is not None and not test
        return installation, f"/accounts/{number}" if real else None

    def fails(self, base_url: str) -> bool:
        """Whether the Chatwoot at this address has been failing whoever asked it, and is left alone for a while."""
        breaker = self._breakers.get(api_root(base_url))
        return breaker is not None and breaker.is_open

    async def answers(self, account: str, place: str = "") -> bool:
        """Whether an account's Chatwoot answers, whatever it says: it is asked now."""
        return await self._installation(self._access_of(account, place)).answers()

    def _installation(self, access: Access) -> Installation:
        if access not in self._installations:
            breaker = self._breakers.setdefault(api_root(access.base_url), Breaker())
            self._installations[access] = Installation(access, breaker, self._transport)
        return self._installations[access]
