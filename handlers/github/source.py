"""What does GitHub send, and is it really from there?"""

from gettext import gettext as _

import msgspec

from relay import PerAccount, Source, field, header, settings, source, webhook
from relay.authenticate import HmacSignature
from relay.describe import explain_unset


@settings("github")
class GitHub(msgspec.Struct, frozen=True):
    """`secret` is the one that stands in the webhook's settings at GitHub; several, while one is replaced."""

    secret: tuple[str, ...] = ()


@source
def github(own: PerAccount[GitHub]) -> Source:
    """Webhooks of repositories, organisations and apps: `github.push`, `github.pull_request`, `github.ping`."""
    return webhook(
        "github",
        title="GitHub",
        steps=_("Settings → Webhooks: Content type application/json, the secret, and this address:"),
        authenticate=HmacSignature(own.each("secret"), "X-Hub-Signature-256", prefix="sha256="),
        signal=header("X-GitHub-Event"),
        repeat_id=header("X-GitHub-Delivery"),
        key=field("repository.full_name"),
        scrub=("secret",),  # secret scanning tells what leaked
        headers=("x-hub-signature-256", "x-github-event", "x-github-delivery"),
        explain=explain,
        patience=10.0,
    )


def explain(reason: str) -> str:
    """What the person in charge does about a refusal; "" where the reason says it."""
    told = {
        "the body is application/x-www-form-urlencoded": _(
            "In GitHub, Settings → Webhooks: choose application/json as the Content type."
        ),
        "no signature": _("The webhook has no secret at GitHub: enter the one of GITHUB_SECRET there."),
        "wrong signature": _("The webhook's secret at GitHub and GITHUB_SECRET must be the same."),
    }
    found = next((text for beginning, text in told.items() if reason.startswith(beginning)), "")
    return found or explain_unset(reason)
