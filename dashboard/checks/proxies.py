"""Is it known who asks? Whose word counts for the sender's address, behind a proxy or a tunnel."""

import ipaddress
from gettext import gettext as _

from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning

HERE = "TRUSTED_PROXIES=127.0.0.1"


def check(context: Context) -> list[Finding]:
    """TRUSTED_PROXIES, judged by itself and beside PUBLIC_URL."""
    if context.settings is None:
        return []
    trusted = [each.strip() for each in context.settings.trusted_proxies.split(",") if each.strip()]
    if "*" in trusted:
        what, why = _("TRUSTED_PROXIES=* believes everybody"), _("Any sender can claim any address as its own.")
        return [warning("proxies.everybody", what, why, _("In .env, your proxy's address: {line}").format(line=HERE))]
    wrong = [each for each in trusted if not _is_address(each)]
    if wrong:
        what = _("TRUSTED_PROXIES: {values} is no address").format(values=", ".join(wrong))
        why = _("The proxy's word does not count: all senders have its address.")
        return [error("proxies.wrong", what, why, _("In .env, your proxy's address: {line}").format(line=HERE))]
    if not trusted and context.settings.public_url.startswith("https://"):
        what = _("A proxy or tunnel stands before this server (PUBLIC_URL), and TRUSTED_PROXIES is not set")
        why = _("All senders have its address: one that is refused often shuts out others that are refused.")
        return [warning("proxies.unset", what, why, _("In .env, if it runs on this machine: {line}").format(line=HERE))]
    return [
        good("proxies.trusted", _("Believed for senders' addresses: {names}").format(names=", ".join(trusted) or "-"))
    ]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
